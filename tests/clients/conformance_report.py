"""What the comparison found: which cases differ, whether the reason is known, and the page that says so."""

import difflib
import re
from collections import Counter

from conformance_cases import Step
from conformance_differences import SECTIONS, names_without, reason
from conformance_outcome import PAGES

# Samba turns a result code alone into one of these Win32 codes when nothing more exact was said. They say nothing
# beyond the result code and are not compared.
UNSPECIFIC = {
    1: "00002020", 2: "00002021", 11: "00002024", 12: "0000202C", 16: "0000200A", 17: "0000200C", 18: "0000202E", 19: "0000202F",
    20: "0000200D", 21: "0000200B", 32: "00002030", 34: "00002032", 50: "00000005", 53: "00002035", 64: "00002037",
    65: "00002014", 66: "00002015", 67: "00002016", 68: "00002071", 69: "00002017", 71: "00002039", 80: "00002095",
}  # fmt: skip

# Longer lists of values are cut on the page.
TEXT_MAX = 160
# More lines of a page that has changed are not shown.
CHANGED_LINES_MAX = 60


def differences(ours, theirs):
    """What differs between two outcomes, in words."""
    if ours.code != theirs.code:
        yield "result code", f"{ours.code} {ours.win32}".strip(), f"{theirs.code} {theirs.win32}".strip()
        return
    if theirs.win32 not in ("", ours.win32, UNSPECIFIC.get(theirs.code)):
        yield "Win32 code", ours.win32, theirs.win32
    # Samba names the closest ancestor nowhere, which Active Directory does everywhere.
    if theirs.matched and ours.matched.lower() != theirs.matched.lower():
        yield "matched name", ours.matched, theirs.matched
    if ours.entries != theirs.entries:
        yield from entry_differences(ours.entries, theirs.entries)


def entry_differences(ours, theirs):
    left, right = dict(ours), dict(theirs)
    if left.keys() != right.keys():
        yield "entries", listed(left.keys() - right.keys()), listed(right.keys() - left.keys())
        return
    if [name for name, _ in ours] != [name for name, _ in theirs]:
        yield "order", ordered(ours), ordered(theirs)
        return
    for name in left:
        if left[name] == right[name]:
            continue
        if name == PAGES:
            yield name, str(left[name]), str(right[name])
            continue
        held, other = dict(left[name]), dict(right[name])
        for attribute in sorted(held.keys() | other.keys(), key=str.lower):
            if held.get(attribute) != other.get(attribute):
                mine, their = set(held.get(attribute, ())), set(other.get(attribute, ()))
                yield attribute, listed(mine - their), listed(their - mine)


def listed(values):
    return shortened(sorted(values))


def ordered(entries):
    return shortened(name.split(",")[0] for name, _ in entries)


def shortened(texts):
    text = "; ".join(texts)
    return text if len(text) <= TEXT_MAX else text[:TEXT_MAX] + " …"


def described(step: Step):
    return f"{step.act} {step.dn.removesuffix(',{ou}')}".strip()


class Report:
    """All cases with their outcomes."""

    def __init__(self, results, version):
        self.results, self.version = results, version
        self.differing = {}
        for one, outcomes in results:
            rows = [
                (described(step), *row) for step, pair in zip(one.steps, outcomes) for row in differences(*pair)
            ]
            if rows:
                self.differing[one.name] = rows
        self.unexplained = [name for name in self.differing if reason(name) is None]

    def show_all(self):
        """The differences without a reason, with what the servers said."""
        for one, outcomes in self.results:
            if one.name not in self.unexplained:
                continue
            print(one.name)
            for step, what, ours, theirs in self.differing[one.name]:
                print(f"    {step}: {what}: {ours or '-'} | {theirs or '-'}")
            for pair in outcomes:
                for outcome, server in zip(pair, ("Bailiwick", "Samba")):
                    if outcome.text:
                        print(f"        {server} {outcome.code} {outcome.text[:TEXT_MAX]}")

    def summary(self):
        count, differing = len(self.results), len(self.differing)
        explained = differing - len(self.unexplained)
        return f"{count} cases with Samba {self.version}: {count - differing} agree, {explained} differ for known reasons"

    def faults(self, page):
        """What a reader has to do something about; `page` is the file that should say what this run would."""
        documented = page and re.search(r"Samba ([0-9.]+) domain", page.read_text())
        is_other = bool(documented) and documented[1] != self.version
        if is_other:
            print(f"{page} was made with Samba {documented[1]}, and this is {self.version}: the page is not compared")
        faults = []
        for name in self.unexplained:
            rows = (f"\n    {step}: {what}: {ours or '-'} | {theirs or '-'}" for step, what, ours, theirs in self.differing[name])
            faults.append(f"conformance_differences.py has no reason for: {name}{''.join(rows)}")
        if is_other:
            return faults
        faults += [
            f"the difference has gone, and its reason can go from conformance_differences.py: {name}"
            for name in names_without(self.differing)
        ]
        if page and not faults:
            changed = difflib.unified_diff(page.read_text().splitlines(), self.markdown().splitlines(), str(page), "this run", n=0, lineterm="")
            if lines := list(changed)[:CHANGED_LINES_MAX]:
                faults.append("\n".join([*lines, f"{page} is out of date: run `cargo xtask conformance`"]))
        return faults

    def markdown(self):
        counts = Counter(one.section for one, _ in self.results)
        differing = Counter(one.section for one, _ in self.results if one.name in self.differing)
        total, differ = sum(counts.values()), sum(differing.values())
        lines = [
            "# Conformance",
            "",
            "Made by `cargo xtask conformance`, checked by `cargo xtask test`: do not edit. The same operations are sent to",
            f"Bailiwick and to a Samba {self.version} domain controller. Compared are result codes, the Win32 codes that diagnostic",
            "texts begin with (of failed sign-ins, the `data` that clients look for), matched names and what entries hold",
            "afterwards. A Win32 code of Samba's that only repeats the result code is not compared.",
            "",
            "Where the two differ, the specifications of Active Directory decide, and after them what is known of its servers.",
            "Every difference has its reason below. The operations are the tables of `tests/clients/conformance_cases`, the",
            "reasons those of `tests/clients/conformance_differences.py`; a difference without a reason fails the run, and so",
            "does a reason without a difference.",
            "",
            "```",
            "cargo xtask conformance    # installs Samba where it can, compares, writes this page; needs root",
            "```",
            "",
            f"Of {total} cases {total - differ} agree and {differ} differ:",
            "",
            "| kind of difference | cases |",
            "|---|---:|",
        ]
        for title, reasons in SECTIONS.items():
            count = sum(1 for name in self.differing if reason(name) in reasons)
            lines.append(f"| [{title}](#{anchor(title)}) | {count} |")
        lines += ["", "| section | cases | agree | differ |", "|---|---:|---:|---:|"]
        for section, count in counts.items():
            lines.append(f"| {section} | {count} | {count - differing[section]} | {differing[section]} |")
        lines += [f"| all | {total} | {total - differ} | {differ} |", ""]
        for title, reasons in SECTIONS.items():
            lines += [f"## {title}", ""]
            for text in reasons:
                lines += self._table(text)
        return "\n".join(lines).rstrip() + "\n"

    def _table(self, text):
        """The differences that have this reason."""
        rows = [(name, *row) for name, rows in self.differing.items() if reason(name) == text for row in rows]
        if not rows:
            return []
        lines = [text, "", "| case | step | what | Bailiwick | Samba |", "|---|---|---|---|---|"]
        return lines + ["| " + " | ".join(cell(text) for text in row) + " |" for row in rows] + [""]


def anchor(title):
    return re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")


def cell(text):
    for character in "\\|*<`[]_":
        text = text.replace(character, "\\" + character)
    return "".join(character if character.isprintable() else f"\\\\{ord(character):02x}" for character in text) or "–"
