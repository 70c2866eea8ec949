//! Which attributes a search returns. Section 9.3 of the reference.

use std::collections::HashSet;

use super::{Defaults, Endpoint};

/// The names asked for in their order, `default` replaced by the endpoint's own, none twice in any case. Names are not
/// looked up: an unknown one is simply absent from the results. Empty means all attributes.
pub(super) fn effective(endpoint: Endpoint, defaults: &Defaults, asked: Option<&str>) -> Vec<String> {
    let configured = || defaults.properties.iter().map(String::as_str);
    let mut names: Vec<&str> = Vec::new();
    match asked {
        None => names.extend(configured()),
        Some(asked) => {
            // A plus sign of the URL has usually become a space on its way here.
            for name in asked.split([' ', '+', ',']).filter(|name| !name.is_empty()) {
                match name.eq_ignore_ascii_case("default") {
                    true => names.extend(configured()),
                    false => names.push(name),
                }
            }
        }
    }
    let all = names.is_empty() || names.contains(&"*");
    if endpoint == Endpoint::Group && defaults.include_members && !all {
        names.push("member");
    }
    let mut seen = HashSet::new();
    names.retain(|name| seen.insert(name.to_ascii_lowercase()));
    names.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(endpoint: Endpoint, asked: Option<&str>, expected: &[&str]) {
        assert_eq!(effective(endpoint, &endpoint.shipped_defaults(), asked), expected, "{asked:?}");
    }

    #[test]
    fn d_31_default_joins_what_is_asked_for() {
        let computer = Endpoint::Computer;
        check(computer, None, &["distinguishedName", "cn", "operatingSystem"]);
        check(
            computer,
            Some("operatingSystemVersion default"),
            &["operatingSystemVersion", "distinguishedName", "cn", "operatingSystem"],
        );
        check(computer, Some("DEFAULT,CN,mail"), &["distinguishedName", "cn", "operatingSystem", "mail"]);
        check(computer, Some("name+objectClass,NAME  mail"), &["name", "objectClass", "mail"]);
        check(computer, Some("*"), &["*"]);
        check(computer, Some(",+ "), &[]);
    }

    #[test]
    fn d_30_members_come_with_groups_where_the_host_says_so() {
        let defaults = Defaults { include_members: true, ..Endpoint::Group.shipped_defaults() };
        let names = |asked| effective(Endpoint::Group, &defaults, asked);
        assert_eq!(names(Some("name")), ["name", "member"]);
        assert_eq!(names(Some("MEMBER name")), ["MEMBER", "name"]);
        assert_eq!(names(Some("*")), ["*"]);
        assert_eq!(names(None).last().map(String::as_str), Some("member"));
        let defaults = Defaults { include_members: true, ..Endpoint::User.shipped_defaults() };
        assert_eq!(effective(Endpoint::User, &defaults, Some("name")), ["name"]);
    }
}
