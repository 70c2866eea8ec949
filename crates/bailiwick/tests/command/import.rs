//! Imports: order, refusals, going on, and input that is no LDIF.

use std::io::Write;
use std::process::Stdio;

use crate::folder::{Workplace, command, text};

fn user(name: &str) -> String {
    format!("dn: CN={name},CN=Users,DC=example,DC=com\nobjectClass: user\nsAMAccountName: {name}\n\n")
}

fn refused_user() -> String {
    "dn: CN=bad,CN=Users,DC=example,DC=com\nobjectClass: user\nnonsense: x\n\n".to_owned()
}

#[test]
fn members_that_come_later_are_linked_when_they_appear() {
    let workplace = Workplace::with_domain();
    let group = "dn: CN=g,CN=Users,DC=example,DC=com\nobjectClass: group\nsAMAccountName: g\n\
                 member: CN=a,CN=Users,DC=example,DC=com\nmember: CN=nobody,CN=Users,DC=example,DC=com\n\
                 member: CN=b,CN=Users,DC=example,DC=com\n\n";
    let (code, said) = workplace.import(&[group, &user("a"), &user("b")].concat(), &[]);
    assert_eq!(code, 10, "{said}");
    assert!(said.contains("line 1: ") && said.contains("CN=nobody"), "{said}");
    let export = workplace.export("CN=g,CN=Users,DC=example,DC=com");
    assert_eq!(export.lines().filter(|line| line.starts_with("member: ")).count(), 2, "{export}");
}

#[test]
fn the_first_refused_record_stops_and_a_mended_file_goes_on() {
    let workplace = Workplace::with_domain();
    let (code, said) = workplace.import(&[user("a"), refused_user(), user("b")].concat(), &[]);
    assert_eq!(code, 10);
    assert!(said.contains("line 5: CN=bad,") && said.contains("nonsense") && said.contains("--resume"), "{said}");
    assert!(said.contains("1 imported, 1 refused"), "{said}");
    let (code, said) = workplace.import(&[user("a"), user("good"), user("b")].concat(), &["--resume"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("3 imported"), "{said}");
    assert!(!workplace.path("input.ldif.import").exists());
}

#[test]
fn with_continue_all_refused_records_are_listed() {
    let workplace = Workplace::with_domain();
    let broken = "dn: CN=broken,CN=Users,DC=example,DC=com\nno colon\n\n";
    let ldif = [user("a"), refused_user(), broken.to_owned(), user("a"), user("b")].concat();
    let (code, said) = workplace.import(&ldif, &["--continue"]);
    assert_eq!(code, 10);
    for part in ["line 5: ", "line 10: the line has no colon", "line 12: CN=a,", "2 imported, 3 refused"] {
        assert!(said.contains(part), "no `{part}` in {said}");
    }
}

#[test]
fn objects_that_are_there_are_refused_left_or_updated() {
    let workplace = Workplace::with_domain();
    let titled = |title: &str| user("a").replace("sAMAccountName", &format!("title: {title}\nsAMAccountName"));
    assert_eq!(workplace.import(&titled("one"), &[]).0, 0);
    assert_eq!(workplace.import(&titled("two"), &[]).0, 10);
    std::fs::remove_file(workplace.path("input.ldif.import")).unwrap();
    let (code, said) = workplace.import(&titled("two"), &["--existing", "skip"]);
    assert_eq!((code, said.as_str()), (0, "0 imported, 1 there already\n"));
    let name = "CN=a,CN=Users,DC=example,DC=com";
    assert!(workplace.export(name).contains("title: one"));
    let (code, said) = workplace.import(&titled("two"), &["--existing", "update"]);
    assert_eq!((code, said.as_str()), (0, "0 imported, 1 brought up to date\n"));
    assert!(workplace.export(name).contains("title: two"));
    assert_eq!(workplace.import(&user("a"), &["--existing", "update"]).0, 0);
    assert!(!workplace.export(name).contains("title"));
}

#[test]
fn attributes_can_be_left_out() {
    let workplace = Workplace::with_domain();
    let ldif = user("a").replace("sAMAccountName", "objectGUID:: AAAAAAAAAAAAAAAAAAAAAA==\nsAMAccountName");
    assert_eq!(workplace.import(&ldif, &[]).0, 10);
    let (code, said) = workplace.import(&ldif, &["--leave-out", "objectguid,whenCreated"]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn input_that_is_no_ldif_names_the_line() {
    let workplace = Workplace::with_domain();
    let (code, said) = workplace.import("<html>\n", &[]);
    assert_eq!(code, 11);
    assert!(said.contains("line 1"), "{said}");
    let cut_off = user("a") + "dn: CN=b,CN=Users,DC=example,DC=com\nobjectClass: us";
    let (code, said) = workplace.import(&cut_off, &[]);
    assert_eq!(code, 11);
    assert!(said.contains("line 6"), "{said}");
    assert!(workplace.export("CN=a,CN=Users,DC=example,DC=com").contains("sAMAccountName: a"));
}

#[test]
fn a_file_of_another_domain_is_refused_as_a_whole() {
    let workplace = Workplace::with_domain();
    let (code, said) = workplace.import("dn: CN=a,DC=other,DC=org\nobjectClass: user\n\n", &["--continue"]);
    assert_eq!(code, 11);
    assert!(said.contains("line 1") && said.contains("DC=example,DC=com"), "{said}");
}

#[test]
fn standard_input_is_read() {
    let workplace = Workplace::with_domain();
    let data = workplace.data();
    let mut child =
        command(&["import", "-", "--data", text(&data)]).stdin(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(user("a").as_bytes()).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(workplace.export("CN=a,CN=Users,DC=example,DC=com").contains("sAMAccountName: a"));
}

#[test]
fn changes_and_deletes_are_applied_in_their_order() {
    let workplace = Workplace::with_domain();
    let ldif = user("a")
        + "dn: CN=a,CN=Users,DC=example,DC=com\nchangetype: modify\nadd: title\ntitle: x\n-\n\n"
        + "dn: CN=a,CN=Users,DC=example,DC=com\nchangetype: modrdn\nnewrdn: CN=b\ndeleteoldrdn: 1\n\n"
        + &user("c")
        + "dn: CN=c,CN=Users,DC=example,DC=com\nchangetype: delete\n\n";
    let (code, said) = workplace.import(&ldif, &[]);
    assert_eq!(code, 0, "{said}");
    assert!(workplace.export("CN=b,CN=Users,DC=example,DC=com").contains("title: x"));
    assert!(!workplace.export("CN=Users,DC=example,DC=com").contains("CN=c,"));
}

#[test]
fn going_on_passes_over_a_whole_batch_that_was_applied_before_the_kill() {
    let workplace = Workplace::with_domain();
    let people: String = (0..60).map(|number| user(&format!("u{number}"))).collect();
    assert_eq!(workplace.import(&people, &[]).0, 0);
    // As if the process had been killed before it could write its journal.
    let (code, said) = workplace.import(&people, &["--resume"]);
    assert_eq!((code, said.as_str()), (0, "0 imported, 60 there already\n"));
}

#[test]
fn a_mended_syntax_error_is_read_again() {
    let workplace = Workplace::with_domain();
    let broken = user("b").replace("objectClass: ", "objectClass; ");
    let (code, said) = workplace.import(&[user("a"), broken, user("c")].concat(), &[]);
    assert_eq!(code, 11, "{said}");
    let (code, said) = workplace.import(&[user("a"), user("b"), user("c")].concat(), &["--resume"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("3 imported"), "{said}");
    assert!(workplace.export("CN=b,CN=Users,DC=example,DC=com").contains("sAMAccountName: b"));
}

#[test]
fn an_object_that_is_as_its_record_says_is_left_alone() {
    let workplace = Workplace::with_domain();
    for expected in ["1 imported\n", "0 imported, 1 there already\n"] {
        let (code, said) = workplace.import(&user("a"), &["--existing", "update"]);
        assert_eq!((code, said.as_str()), (0, expected));
    }
}

#[test]
fn members_that_the_record_lacks_go_though_others_pointed_forward() {
    let workplace = Workplace::with_domain();
    let group = |name: &str, members: &[&str]| {
        let members: String =
            members.iter().map(|member| format!("member: CN={member},CN=Users,DC=example,DC=com\n")).collect();
        let name = format!("CN={name},CN=Users,DC=example,DC=com\nobjectClass: group\nsAMAccountName: {name}");
        format!("dn: {name}\n{members}\n")
    };
    let before = [user("a"), user("b"), group("g", &["a"]), group("h", &["a", "b"])].concat();
    assert_eq!(workplace.import(&before, &[]).0, 0);
    let after = [group("i", &["c"]), group("g", &[]), group("h", &["b", "c"]), user("c")].concat();
    let (code, said) = workplace.import(&after, &["--existing", "update"]);
    assert_eq!(code, 0, "{said}");
    assert!(!workplace.export("CN=g,CN=Users,DC=example,DC=com").contains("member: "));
    let export = workplace.export("CN=h,CN=Users,DC=example,DC=com");
    assert!(!export.contains("member: CN=a,") && export.contains("member: CN=b,"), "{export}");
    assert!(export.contains("member: CN=c,"), "{export}");
}

#[test]
fn a_change_of_members_alone_waits_for_them() {
    let workplace = Workplace::with_domain();
    let change = |member: &str| {
        let group = "dn: CN=Domain Guests,CN=Users,DC=example,DC=com\nchangetype: modify\nadd: member\n";
        format!("{group}member: CN={member},CN=Users,DC=example,DC=com\n-\n\n")
    };
    let (code, said) = workplace.import(&[change("a"), change("b"), user("a"), user("b")].concat(), &[]);
    assert_eq!((code, said.as_str()), (0, "4 imported, 2 links made later\n"));
}
