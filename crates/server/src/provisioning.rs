//! From a configuration to an open directory: the data folder, the founding of a new domain, and its password.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bailiwick_accounts::audit::Retention;
use bailiwick_accounts::{self as accounts, ADMIN_UID, Accounts, user};
use bailiwick_adtypes::file_time::Interval;
use bailiwick_credential::{Password, Vault};
use bailiwick_directory::{Native, NewDomain, OpenError, Options, SPACES, provision};
use bailiwick_domain::{Context, Limits, Requester};
use bailiwick_store::{Embedded, Store};

use crate::StartError;
use crate::clock;
use crate::config::{AuditLimits, Config};
use crate::data_folder::DataFolder;

/// Characters of a password that is made here: none that is mistaken for another.
const PASSWORD_ALPHABET: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
/// Groups of a made password, joined by dashes.
const PASSWORD_GROUPS: usize = 4;
/// Characters of a group; together they have more than 110 bits.
const PASSWORD_GROUP_CHARACTERS: usize = 5;
/// The largest file that is taken for a password.
const PASSWORD_FILE_OCTETS_MAX: u64 = 4096;
/// The longest NetBIOS name. [MS-NBTE] 2.2.1.
const NETBIOS_NAME_CHARACTERS_MAX: usize = 15;
/// This server's name when the machine's own cannot be used.
const HOST_FALLBACK: &str = "dc1";
/// Snapshots that may be open at once: one for each thread that reads, with room to spare.
const SNAPSHOTS_MAX: u32 = 4096;

/// A directory that is ready to serve, and the folder it lies in.
pub struct Opened {
    /// The directory.
    pub directory: Native,
    /// What the host itself keeps.
    pub host: Host,
    /// The folder; dropping it lets others have it.
    pub folder: DataFolder,
    /// What was made; none when it was there already.
    pub founded: Option<Founded>,
}

/// What the host itself keeps, and the store that it lies in.
#[derive(Clone)]
pub struct Host {
    /// What is kept.
    pub accounts: Arc<Accounts>,
    /// Where; it has affairs of its own, such as readers that were killed.
    pub store: Arc<Embedded>,
}

/// What the first start made.
#[derive(Debug)]
pub struct Founded {
    /// The Administrator's password if it was made here. It is stored nowhere, so this is the one chance to show it.
    pub made_password: Option<Password>,
}

/// Opens the directory of the data folder, founding the domain if there is none.
///
/// # Errors
/// See [`StartError`]; what is in the folder is unchanged then.
pub fn open_or_found(config: &Config) -> Result<Opened, StartError> {
    if DataFolder::holds_directory(&config.data) {
        return open_existing(config);
    }
    // Everything that can be wrong with the wish is found before anything is made.
    let wish = Wish::read(config)?;
    let folder = DataFolder::take(&config.data)?;
    let founded = match folder.is_provisioned() {
        // Another process was faster.
        true => None,
        false => Some(found(config, &folder, wish)?),
    };
    open(config, folder, founded)
}

/// Makes the users and groups that every host has, if they are not there, and a password for `admin` unless one is given.
/// A folder from before hosts had accounts gets them like a new one. None when they are there.
///
/// # Errors
/// The store's, and `PasswordCost`.
pub fn found_host(config: &Config, accounts: &Accounts) -> Result<Option<Founded>, StartError> {
    let failed = |error| match error {
        user::Error::Store(error) => StartError::Host(accounts::OpenError::Store(error)),
        // Nothing else can be wrong with accounts that are the same everywhere.
        _ => StartError::PasswordCost,
    };
    if accounts.users.get(ADMIN_UID).map_err(|error| failed(error.into()))?.is_some() {
        return Ok(None);
    }
    let made_password = match &config.host_admin_password {
        Some(_) => None,
        None => Some(make_password()),
    };
    let Some(password) = config.host_admin_password.as_ref().or(made_password.as_ref()) else { return Ok(None) };
    let requester = Requester::system();
    let context = Context {
        requester: &requester,
        now: clock::now(),
        random: &clock::fill_random,
        limits: Limits::default(),
        request_id: 0,
    };
    accounts.users.found(&context, password).map_err(failed)?;
    Ok(Some(Founded { made_password }))
}

/// Opens the directory of a data folder that has one.
///
/// # Errors
/// See [`StartError`]; what is in the folder is unchanged then.
pub fn open_existing(config: &Config) -> Result<Opened, StartError> {
    open(config, DataFolder::take_existing(&config.data)?, None)
}

fn open(config: &Config, folder: DataFolder, founded: Option<Founded>) -> Result<Opened, StartError> {
    let store = store(config, &folder.directory()).map_err(OpenError::Store)?;
    let directory = Native::open(Box::new(store), Options { cost: config.cost })?;
    let vault = Vault::new(&*folder.secret_key(&clock::fill_random)?);
    let directory = directory.with_vault(vault.clone());
    if let Some(asked) = &config.domain
        && !asked.eq_ignore_ascii_case(directory.domain_name())
    {
        return Err(StartError::OtherDomain {
            folder: folder.path().to_owned(),
            asked: asked.clone(),
            found: directory.domain_name().to_owned(),
        });
    }
    let host = host(config, &folder.host(), vault)?;
    Ok(Opened { directory, host, folder, founded })
}

/// A new domain as it is asked for, and the password that was made for it.
struct Wish {
    new: NewDomain,
    made_password: Option<Password>,
}

impl Wish {
    fn read(config: &Config) -> Result<Wish, StartError> {
        let Some(domain) = &config.domain else { return Err(StartError::DomainNeeded) };
        let (admin_password, made_password) = match given_password(config)? {
            Some(password) => (password, None),
            None => {
                let password = make_password();
                (password.clone(), Some(password))
            }
        };
        let new = NewDomain {
            dns_domain: domain.to_ascii_lowercase(),
            netbios: config.netbios.clone().unwrap_or_else(|| netbios_of(domain)),
            host: config.hostname.clone().unwrap_or_else(host_of_machine),
            admin_password,
            cost: config.cost,
        };
        new.check_names()?;
        new.check_password()?;
        Ok(Wish { new, made_password })
    }
}

fn found(config: &Config, folder: &DataFolder, wish: Wish) -> Result<Founded, StartError> {
    folder.make_directory(|path| -> Result<(), StartError> {
        let store = store(config, path).map_err(OpenError::Store)?;
        Ok(provision(&store, &wish.new, clock::now(), &clock::fill_random)?)
    })?;
    Ok(Founded { made_password: wish.made_password })
}

fn store(config: &Config, path: &Path) -> Result<Embedded, bailiwick_store::Error> {
    let map_octets = usize::try_from(config.map_octets).unwrap_or(usize::MAX / 2);
    Embedded::open(path, SPACES, bailiwick_store::Options { map_octets, readers_max: SNAPSHOTS_MAX })
}

fn host(config: &Config, path: &Path, vault: Vault) -> Result<Host, accounts::OpenError> {
    let store = Arc::new(Embedded::open(path, accounts::SPACES, bailiwick_store::Options::default())?);
    let AuditLimits { days_max, octets_max, .. } = config.audit;
    let retention = Retention { age_max: Interval::from_days(days_max), octets_max };
    let shared: Arc<dyn Store> = Arc::<Embedded>::clone(&store);
    let accounts = Accounts::open(shared, vault, retention, config.cost)?;
    let accounts = accounts.with_session_lifetimes(config.sessions);
    Ok(Host { accounts: Arc::new(accounts), store })
}

fn given_password(config: &Config) -> Result<Option<Password>, StartError> {
    match (&config.admin_password_file, &config.admin_password) {
        (Some(path), _) => read_password(path).map(Some),
        (None, Some(password)) => Ok(Some(password.clone())),
        (None, None) => Ok(None),
    }
}

/// Reads a password from the first line of a file.
///
/// # Errors
/// The file cannot be read, is far too large, or has an empty first line.
pub fn read_password(path: &Path) -> Result<Password, StartError> {
    let unreadable = |source| StartError::PasswordFile { path: PathBuf::from(path), source };
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    if metadata.len() > PASSWORD_FILE_OCTETS_MAX {
        return Err(unreadable(std::io::ErrorKind::FileTooLarge.into()));
    }
    let octets = zeroize::Zeroizing::new(std::fs::read(path).map_err(unreadable)?);
    let line = octets.split(|&octet| octet == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if line.is_empty() {
        return Err(unreadable(std::io::ErrorKind::InvalidData.into()));
    }
    Ok(Password::new(line))
}

/// Makes a password that meets every usual rule: capitals, small letters, digits and dashes.
pub(crate) fn make_password() -> Password {
    loop {
        let mut text = zeroize::Zeroizing::new(Vec::new());
        for group in 0..PASSWORD_GROUPS {
            if group > 0 {
                text.push(b'-');
            }
            for _ in 0..PASSWORD_GROUP_CHARACTERS {
                text.push(random_character());
            }
        }
        let has = |kind: fn(&u8) -> bool| text.iter().any(kind);
        if has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit) {
            return Password::new(&text);
        }
    }
}

/// One character of the alphabet, each as likely as any other.
fn random_character() -> u8 {
    let fair = u8::MAX - u8::MAX % PASSWORD_ALPHABET.len() as u8;
    loop {
        let mut octet = [0];
        clock::fill_random(&mut octet);
        if octet[0] < fair {
            return PASSWORD_ALPHABET[usize::from(octet[0]) % PASSWORD_ALPHABET.len()];
        }
    }
}

/// The short name that Windows would propose: the first label in capitals.
fn netbios_of(domain: &str) -> String {
    let label = domain.split('.').next().unwrap_or(domain);
    label.chars().take(NETBIOS_NAME_CHARACTERS_MAX).map(|c| c.to_ascii_uppercase()).collect()
}

fn host_of_machine() -> String {
    let system = rustix::system::uname();
    host_of(system.nodename().to_str().unwrap_or_default())
}

fn host_of(node: &str) -> String {
    let label = node.split('.').next().unwrap_or_default();
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let is_usable = !label.is_empty()
        && label.len() <= NETBIOS_NAME_CHARACTERS_MAX
        && label.chars().all(allowed)
        && !label.starts_with('-')
        && !label.ends_with('-')
        && !label.eq_ignore_ascii_case("localhost")
        && !label.chars().all(|c| c.is_ascii_digit());
    if is_usable { label.to_ascii_lowercase() } else { HOST_FALLBACK.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_passwords_are_long_varied_and_different() {
        let (one, other) = (make_password(), make_password());
        assert_ne!(one.expose(), other.expose());
        assert_eq!(one.expose().len(), PASSWORD_GROUPS * (PASSWORD_GROUP_CHARACTERS + 1) - 1);
        assert!(one.expose().iter().any(u8::is_ascii_digit));
    }

    #[test]
    fn a_password_is_the_first_line_of_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        std::fs::write(&path, "geheim \r\nmore").unwrap();
        assert_eq!(read_password(&path).unwrap().expose(), b"geheim ");
        std::fs::write(&path, "\n").unwrap();
        assert!(read_password(&path).is_err());
    }

    #[test]
    fn names_follow_from_domain_and_machine() {
        assert_eq!(netbios_of("example.com"), "EXAMPLE");
        assert_eq!(netbios_of("averyveryverylongname.com"), "AVERYVERYVERYLO");
        assert_eq!(host_of("Ldap01.example.com"), "ldap01");
        assert_eq!(host_of("localhost"), "dc1");
        assert_eq!(host_of("4711"), "dc1");
        assert_eq!(host_of("under_score"), "dc1");
        assert_eq!(host_of("0123456789abcdef"), "dc1");
    }
}
