"""What the comparison found: which cases differ, whether the reason is known, and the page that says so."""

from collections import Counter

from conformance_cases import Step
from conformance_differences import exact_names, reason
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
        self.unexplained = [name for name in self.differing if not reason(name)]
        self.outdated = [name for name in exact_names() if name not in self.differing]

    def show_all(self):
        for name in self.unexplained:
            print(name)
            for step, what, ours, theirs in self.differing[name]:
                print(f"    {step}: {what}: {ours or '-'} | {theirs or '-'}")
            for one, outcomes in self.results:
                if one.name == name:
                    for pair in outcomes:
                        for outcome, server in zip(pair, ("B", "S")):
                            if outcome.code not in (0, 5, 6):
                                print(f"        {server} {outcome.code} {outcome.text[:150]}")

    def conclude(self, whole):
        """Says how it went; gives the exit status."""
        count, differing = len(self.results), len(self.differing)
        print(f"{count} cases, {count - differing} agree, {differing - len(self.unexplained)} differ for known reasons")
        for name in self.unexplained:
            print(f"no reason is known: {name}")
        for name in self.outdated if whole else []:
            print(f"the difference has gone, and its reason can go too: {name}")
        return int(bool(self.unexplained))

    def markdown(self):
        sections = Counter(one.section for one, _ in self.results)
        differing = Counter(one.section for one, _ in self.results if one.name in self.differing)
        lines = [
            "# Conformance",
            "",
            "Made by `cargo xtask conformance`: do not edit. The same operations are sent to Bailiwick and to a Samba",
            f"{self.version} domain controller. Compared are result codes, the Win32 codes that diagnostic texts begin",
            "with, matched names and what entries hold afterwards. A Win32 code of Samba's that only repeats the result code",
            "is not compared. Where Samba and the specification of Active Directory disagree, the specification decides.",
            "",
            "| section | cases | agree | differ |",
            "|---|---:|---:|---:|",
        ]
        for section, count in sections.items():
            lines.append(f"| {section} | {count} | {count - differing[section]} | {differing[section]} |")
        total, differ = sum(sections.values()), sum(differing.values())
        lines += [f"| all | {total} | {total - differ} | {differ} |", ""]
        by_reason = {}
        for one, _ in self.results:
            if one.name in self.differing:
                by_reason.setdefault(reason(one.name) or "No reason is known.", []).append(one)
        lines += ["## Differences", ""]
        for text, cases in by_reason.items():
            lines += [text, "", "| case | step | what | Bailiwick | Samba |", "|---|---|---|---|---|"]
            for one in cases:
                for row in self.differing[one.name]:
                    lines.append("| " + " | ".join(cell(text) for text in (one.name, *row)) + " |")
            lines.append("")
        return "\n".join(lines).rstrip() + "\n"


def cell(text):
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;").replace("\n", "␊") or "–"
