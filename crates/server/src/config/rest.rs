//! The settings of the AD REST API, typed.

use std::path::PathBuf;

use bailiwick_rest::search::Defaults;
use bailiwick_rest::settings::{Allowed, Encoding, GroupDefault, Padding, Restrictions, SearchSettings, Settings};
use bailiwick_rest::value::Zone;

use super::{ConfigError, Reader};

/// What is served of the API, and how.
#[derive(Clone, Debug)]
pub struct Rest {
    /// What it does.
    pub settings: Settings,
    /// A key of the administrator's own for encrypted passwords.
    pub own_key: Option<PathBuf>,
}

/// Offsets from UTC are less than this, in minutes.
const OFFSET_MINUTES_MAX: i16 = 15 * 60;

impl Rest {
    /// Types the values; none when the API is not to be served.
    pub(super) fn read(read: &Reader<'_>) -> Result<Option<Rest>, ConfigError> {
        match read.text("rest") {
            Some("on") | None => {}
            Some("off") => return Ok(None),
            Some(_) => return Err(read.invalid("rest", "on or off")),
        }
        let classes = |name| Allowed::parse(read.text(name).unwrap_or("none"));
        let settings = Settings {
            restrictions: Restrictions {
                create: classes("rest-create-classes"),
                edit: classes("rest-edit-classes"),
                move_to: classes("rest-move-classes"),
                rename: classes("rest-rename-classes"),
                delete: classes("rest-delete-classes"),
                password: classes("rest-password-classes"),
            },
            group_default: match read.text("rest-group-default") {
                Some("security-global") | None => GroupDefault::SecurityGlobal,
                Some("distribution-universal") => GroupDefault::DistributionUniversal,
                Some(_) => return Err(read.invalid("rest-group-default", "security-global or distribution-universal")),
            },
            delete_trees: read.parsed("rest-delete-trees", "true or false")?,
            padding: match read.text("rest-password-padding") {
                Some("sha256") | None => Padding::Sha256,
                Some("sha1") => Padding::Sha1,
                Some("sha384") => Padding::Sha384,
                Some("sha512") => Padding::Sha512,
                Some("pkcs1") => Padding::Pkcs1,
                Some(_) => return Err(read.invalid("rest-password-padding", "sha1, sha256, sha384, sha512 or pkcs1")),
            },
            encoding: match read.text("rest-password-encoding") {
                Some("utf-8") | None => Encoding::Utf8,
                Some("utf-16") => Encoding::Utf16,
                Some(_) => return Err(read.invalid("rest-password-encoding", "utf-8 or utf-16")),
            },
            search: search(read)?,
        };
        Ok(Some(Rest { settings, own_key: read.text("rest-password-key").map(PathBuf::from) }))
    }
}

fn search(read: &Reader<'_>) -> Result<SearchSettings, ConfigError> {
    let defaults = |limit: &'static str, properties: &'static str, include_members| -> Result<Defaults, ConfigError> {
        Ok(Defaults {
            limit: read.number(limit, 0..=i32::MAX as u64)? as u32,
            properties: names(read.text(properties)),
            include_members,
        })
    };
    let members = read.parsed("rest-search-group-members", "true or false")?;
    let mut search = SearchSettings {
        generic: defaults("rest-search-limit", "rest-search-properties", false)?,
        computer: defaults("rest-search-computer-limit", "rest-search-computer-properties", false)?,
        group: defaults("rest-search-group-limit", "rest-search-group-properties", members)?,
        user: defaults("rest-search-user-limit", "rest-search-user-properties", false)?,
        ..SearchSettings::default()
    };
    search.bounds.entries_max = read.number("rest-search-entries-max", 1..=1_000_000)? as u32;
    search.presentation.zone = match read.text("rest-times") {
        Some("utc") | None => Zone::Utc,
        Some("unmarked") => Zone::Unmarked,
        Some(text) => {
            let minutes =
                offset(text).ok_or_else(|| read.invalid("rest-times", "utc, unmarked or an offset such as +02:00"))?;
            Zone::Offset { minutes }
        }
    };
    search.presentation.identifiers_as_text = names(read.text("rest-identifiers-as-text"));
    search.presentation.arrays_by_schema = read.parsed("rest-arrays-by-schema", "true or false")?;
    Ok(search)
}

fn names(text: Option<&str>) -> Vec<String> {
    let names = text.unwrap_or_default().split([',', ' ']).filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

/// Minutes east of Greenwich.
fn offset(text: &str) -> Option<i16> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let is_two_digits = |part: &str| part.len() == 2 && part.bytes().all(|octet| octet.is_ascii_digit());
    if !is_two_digits(hours) || !is_two_digits(minutes) {
        return None;
    }
    let (hours, minutes): (i16, i16) = (hours.parse().ok()?, minutes.parse().ok()?);
    let total = hours * 60 + minutes;
    (minutes < 60 && total < OFFSET_MINUTES_MAX).then_some(sign * total)
}

#[cfg(test)]
mod tests {
    use bailiwick_rest::search::Endpoint;

    use super::super::setting::Setting;
    use super::*;

    #[test]
    fn offsets_have_a_sign_and_two_digits() {
        assert_eq!(offset("+02:00"), Some(120));
        assert_eq!(offset("-03:30"), Some(-210));
        for text in ["", "02:00", "+2:00", "+02", "+15:00", "+01:60", "+0a:00", "é"] {
            assert_eq!(offset(text), None, "{text}");
        }
    }

    #[test]
    fn the_defaults_are_those_of_the_api() {
        let default = |name: &str| Setting::find(name).unwrap().default;
        for (endpoint, limit, properties) in [
            (Endpoint::Generic, "rest-search-limit", "rest-search-properties"),
            (Endpoint::Computer, "rest-search-computer-limit", "rest-search-computer-properties"),
            (Endpoint::Group, "rest-search-group-limit", "rest-search-group-properties"),
            (Endpoint::User, "rest-search-user-limit", "rest-search-user-properties"),
        ] {
            assert_eq!(default(limit), endpoint.shipped_defaults().limit.to_string());
            assert_eq!(default(properties), endpoint.shipped_defaults().properties.join(","));
        }
        assert_eq!(default("rest-edit-classes"), bailiwick_rest::settings::CLASSES_SHIPPED);
    }
}
