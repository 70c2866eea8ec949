//! The table of settings: everything a person can set, with its name, meaning and default, in one place.
//!
//! Flags, environment variables, keys of the file, `--help` and `bailiwick config` are all made from these rows.

/// One setting: the same name serves as flag (`--ldap`), as key in the file (`ldap = …`) and, in capitals with
/// underscores, as environment variable (`BAILIWICK_LDAP`).
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Lower case, words joined by dashes.
    pub name: &'static str,
    /// What a value looks like, for help.
    pub value: &'static str,
    /// What it means, in one sentence.
    pub help: &'static str,
    /// What holds when nobody sets it; empty when there is nothing, or when it follows from something else.
    pub default: &'static str,
    /// The heading under which help shows it.
    pub group: Group,
}

/// Headings of `--help`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// What is served, and from where.
    Domain,
    /// Ports and their protection.
    Listeners,
    /// What is written about the work.
    Logging,
    /// What is remembered of the work.
    Audit,
    /// How letters leave.
    Mail,
    /// The host's own accounts, and its view of the domain's.
    Host,
    /// How long people stay signed in to the web faces.
    Sessions,
    /// Threads and the price of a password hash.
    Work,
    /// The bounds that protect the server.
    Limits,
    /// The AD REST API.
    Rest,
}

impl Group {
    /// The heading's text.
    pub fn heading(self) -> &'static str {
        match self {
            Group::Domain => "Domain",
            Group::Listeners => "Listeners",
            Group::Logging => "Logging",
            Group::Audit => "Audit",
            Group::Mail => "Mail",
            Group::Host => "Host accounts",
            Group::Sessions => "Web sessions",
            Group::Work => "Work",
            Group::Limits => "Limits",
            Group::Rest => "AD REST API",
        }
    }
}

impl Setting {
    /// The name of its environment variable.
    pub fn variable(&self) -> String {
        let mut variable = String::from(VARIABLE_PREFIX);
        variable.extend(self.name.chars().map(|c| if c == '-' { '_' } else { c.to_ascii_uppercase() }));
        variable
    }

    /// The row with this name.
    pub fn find(name: &str) -> Option<&'static Setting> {
        SETTINGS.iter().find(|setting| setting.name == name)
    }
}

/// What the names of all environment variables start with.
pub const VARIABLE_PREFIX: &str = "BAILIWICK_";

/// The variable that may hold the administrator's password for a first start. It is no setting: it is never shown.
pub const ADMIN_PASSWORD_VARIABLE: &str = "BAILIWICK_ADMIN_PASSWORD";

/// The variable that may hold the password of the host's `admin` for a first start. It is no setting either.
pub const HOST_ADMIN_PASSWORD_VARIABLE: &str = "BAILIWICK_HOST_ADMIN_PASSWORD";

/// The name of the configuration file inside the data folder.
pub const FILE_NAME: &str = "bailiwick.toml";

macro_rules! settings {
    ($($group:ident { $($name:literal $value:literal $default:literal $help:literal;)* })*) => {
        /// Every setting, in the order in which help shows them.
        pub const SETTINGS: &[Setting] = &[$($(
            Setting { name: $name, value: $value, help: $help, default: $default, group: Group::$group },
        )*)*];
    };
}

settings! {
    Domain {
        "data" "FOLDER" "./bailiwick-data"
            "Where the directory is kept; made at the first start.";
        "domain" "DNS-NAME" ""
            "The domain to serve, such as example.com; needed at the first start, checked at later ones.";
        "netbios" "NAME" ""
            "The domain's short name for NAME\\user; the first label of the domain unless set at the first start.";
        "hostname" "NAME" ""
            "This server's own short name; the machine's name unless set at the first start.";
        "admin-password-file" "FILE" ""
            "A file with the Administrator's password for the first start; otherwise BAILIWICK_ADMIN_PASSWORD, or one is made and shown once.";
    }
    Listeners {
        "ldap" "ADDRESS:PORT" "127.0.0.1:3890"
            "Where to serve LDAP (with StartTLS), or `off`.";
        "ldaps" "ADDRESS:PORT" "127.0.0.1:6360"
            "Where to serve LDAP over TLS, or `off`.";
        "http" "ADDRESS:PORT" "127.0.0.1:5000"
            "Where to serve HTTP, or `off`.";
        "https" "ADDRESS:PORT" "127.0.0.1:5001"
            "Where to serve HTTPS, or `off`.";
        "public-url" "URL" ""
            "Where people reach this server, for links in letters; https, its full name and its port unless set.";
        "require-encryption" "true|false" "false"
            "Refuse passwords in the clear from loopback too; from elsewhere they are always refused.";
        "tls-certificate" "FILE" ""
            "Your own certificate chain (PEM) instead of the one made at the first start; needs tls-key.";
        "tls-key" "FILE" ""
            "The private key (PEM) of tls-certificate.";
    }
    Logging {
        "log-format" "human|json" "human"
            "How log lines look; they go to standard error.";
        "log-level" "LEVEL" "info"
            "What is logged: error, warn, info, debug or trace, or directives such as `info,bailiwick_server::ldap=debug`.";
    }
    Audit {
        "audit-days-max" "DAYS" "365"
            "How long sign-ins and changes are kept in the audit.";
        "audit-octets-max" "OCTETS" "1073741824"
            "How much of them is kept; the oldest go first.";
        "audit-flush-ms-max" "MILLISECONDS" "250"
            "How long they may wait in memory before they are written; a crash loses no more than that.";
    }
    Mail {
        "smtp-server" "HOST" ""
            "The mail server that takes letters; without one they stay in the outbox, see `bailiwick mail`.";
        "smtp-security" "starttls|tls|none" "starttls"
            "How the way to it is protected: TLS after STARTTLS, TLS from the first octet, or nothing.";
        "smtp-port" "NUMBER" "0"
            "Its port; 0 means 587 for starttls, 465 for tls and 25 for none.";
        "smtp-user" "NAME" ""
            "The name to sign in with there, if it wants one; needs smtp-password-file.";
        "smtp-password-file" "FILE" ""
            "A file with the password for smtp-user.";
        "smtp-authority" "FILE" ""
            "Certificates (PEM) to trust beside the system's.";
        "mail-from" "ADDRESS" ""
            "The sender of letters; bailiwick@ and the domain unless set.";
    }
    Host {
        "sync-hours" "HOURS" "24"
            "How often the host takes over the domain's users and groups by itself, beside each start; 0 is only when asked.";
        "sync-extrausers" "FOLDER" ""
            "Where to write them as passwd and group files for libnss-extrausers; nowhere unless set.";
    }
    Sessions {
        "session-idle-minutes-max" "MINUTES" "15"
            "How long a session of a web face may be unused.";
        "session-idle-days-max" "DAYS" "7"
            "The same for one that was asked to stay, and for programs that ask for no cookie.";
        "session-days-max" "DAYS" "30"
            "How long any session lasts, used or not.";
    }
    Work {
        "ldap-threads" "NUMBER" "0"
            "Event loops for LDAP connections; 0 means one for each core.";
        "search-threads" "NUMBER" "0"
            "Workers that go on with long searches; 0 means one for each core.";
        "writer-threads" "NUMBER" "16"
            "Changes that can wait for the disk together; they share its flushes.";
        "hashing-threads" "NUMBER" "0"
            "Passwords verified at the same time; 0 means one for each core.";
        "hashing-queue-max" "NUMBER" "1024"
            "Sign-ins that may wait for a hashing thread before further ones are told `busy`.";
        "argon2-memory-kib" "KIB" "19456"
            "Memory of one password hash made from now on.";
        "argon2-passes" "NUMBER" "2"
            "Passes over that memory.";
        "map-gib" "GIB" "256"
            "Address space reserved for the data file; it bounds how large the file can grow, not what it takes.";
    }
    Limits {
        "connections-max" "NUMBER" "4096"
            "LDAP connections at the same time, from everywhere.";
        "connections-per-address-max" "NUMBER" "1024"
            "LDAP connections at the same time from one address.";
        "idle-seconds-max" "SECONDS" "900"
            "How long an LDAP connection may be silent.";
        "handshake-seconds-max" "SECONDS" "15"
            "How long a TLS handshake may take.";
        "message-octets-max" "OCTETS" "16777216"
            "The largest LDAP message of a client that has signed in.";
        "message-octets-before-bind-max" "OCTETS" "262144"
            "The largest LDAP message of a client that has not signed in.";
        "operations-per-connection-max" "NUMBER" "64"
            "Operations of one connection under way at once; further requests wait unread.";
        "output-octets-max" "OCTETS" "1048576"
            "Answers that may wait for a slow client before its searches pause.";
        "page-entries-max" "NUMBER" "0"
            "Entries of one page of a search; 0 means what the directory's own policy says.";
        "paged-searches-per-connection-max" "NUMBER" "16"
            "Paged searches one connection may have open; the oldest is forgotten.";
        "http-connections-max" "NUMBER" "1024"
            "HTTP connections at the same time.";
        "http-body-octets-max" "OCTETS" "4194304"
            "The largest body of an HTTP request.";
        "http-request-seconds-max" "SECONDS" "30"
            "How long an HTTP request may take.";
        "shutdown-seconds-max" "SECONDS" "10"
            "How long work in flight may take to finish when the server stops.";
    }
    Rest {
        "rest" "on|off" "on"
            "Whether the AD REST API is served on the HTTP listeners.";
        "rest-create-classes" "CLASSES" "*"
            "Classes whose objects can be created through it: names with commas, * for all, or none.";
        "rest-edit-classes" "CLASSES" "computer,group,organizationalUnit,user"
            "Classes whose objects can be edited through it.";
        "rest-move-classes" "CLASSES" "computer,group,organizationalUnit,user"
            "Classes whose objects can be moved through it.";
        "rest-rename-classes" "CLASSES" "computer,group,organizationalUnit,user"
            "Classes whose objects can be renamed through it.";
        "rest-delete-classes" "CLASSES" "computer,group,organizationalUnit,user"
            "Classes whose objects can be deleted through it.";
        "rest-password-classes" "CLASSES" "*"
            "Classes whose passwords can be set through it.";
        "rest-delete-trees" "true|false" "false"
            "Delete a container with what is in it without recursive=true.";
        "rest-group-default" "KIND" "security-global"
            "What a group is that says neither type nor scope: security-global or distribution-universal.";
        "rest-password-key" "FILE" ""
            "Your own RSA key (PKCS#8 PEM) for encrypted passwords instead of the one made at the first start.";
        "rest-password-padding" "PADDING" "sha256"
            "How encrypted passwords are padded: OAEP with sha1, sha256, sha384 or sha512, or pkcs1.";
        "rest-password-encoding" "ENCODING" "utf-8"
            "What the octets of passwords are text in: utf-8 or utf-16.";
        "rest-search-limit" "NUMBER" "10"
            "Entries of a search without limit; 0 means all.";
        "rest-search-properties" "ATTRIBUTES" "distinguishedName,name,objectClass"
            "Attributes of a search without properties.";
        "rest-search-computer-limit" "NUMBER" "0"
            "The same limit for computers.";
        "rest-search-computer-properties" "ATTRIBUTES" "distinguishedName,cn,operatingSystem"
            "The same attributes for computers.";
        "rest-search-group-limit" "NUMBER" "5"
            "The same limit for groups.";
        "rest-search-group-properties" "ATTRIBUTES" "name,displayName,groupType,samAccountName"
            "The same attributes for groups.";
        "rest-search-group-members" "true|false" "false"
            "Return the members in every search for groups.";
        "rest-search-user-limit" "NUMBER" "20"
            "The same limit for users.";
        "rest-search-user-properties" "ATTRIBUTES" "displayName,mail,name,samAccountName,userAccountControl,userPrincipalName"
            "The same attributes for users.";
        "rest-search-entries-max" "NUMBER" "10000"
            "Entries of one reply, whatever its limit says; a cursor goes on from there.";
        "rest-times" "ZONE" "utc"
            "How times are shown: utc, unmarked (UTC without a mark), or an offset such as +02:00.";
        "rest-identifiers-as-text" "ATTRIBUTES" ""
            "Attributes whose GUIDs and SIDs are shown as text instead of Base64, such as objectGUID,objectSid.";
        "rest-arrays-by-schema" "true|false" "false"
            "Show attributes that can have several values as arrays always.";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_follow_the_rule() {
        for (index, setting) in SETTINGS.iter().enumerate() {
            assert!(setting.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
            assert!(setting.help.ends_with('.'), "{}", setting.name);
            assert!(SETTINGS[index + 1..].iter().all(|other| other.name != setting.name));
        }
    }

    #[test]
    fn a_variable_is_the_name_in_capitals() {
        assert_eq!(Setting::find("require-encryption").unwrap().variable(), "BAILIWICK_REQUIRE_ENCRYPTION");
    }
}
