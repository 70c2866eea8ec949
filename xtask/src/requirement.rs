//! What the tests need from outside the repository: Debian packages, parts of the toolchain, a Python environment.
//!
//! What is missing is installed where that can be done without asking (as root on a system with apt-get; the Python
//! environment always), and otherwise named, all of it at once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::step::{self, StepError};

/// Where the Python environment lies, from the root of the repository.
pub const PYTHON_ENVIRONMENT: &str = ".venv";
/// What is installed into it.
const PYTHON_PACKAGES: &str = "tests/clients/requirements.txt";
/// Releases of synology-api, each with an environment and a list of its own: they cannot be installed side by side.
const SYNOLOGY_API_RELEASES: [&str; 5] = ["0.7.3", "0.8.1", "0.8.2", "0.9.1", "0.9.4"];

/// A Debian package, and a command that succeeds when it (or the same from elsewhere) is there.
struct Package {
    name: &'static str,
    probe: &'static [&'static str],
}

const PACKAGES: &[Package] = &[
    Package { name: "ldap-utils", probe: &["ldapsearch", "-VV"] },
    Package { name: "curl", probe: &["curl", "--version"] },
    Package { name: "openssl", probe: &["openssl", "version"] },
    Package { name: "strace", probe: &["strace", "-V"] },
    // It is a module of the C library, with no program to ask.
    Package {
        name: "libnss-extrausers",
        probe: &["sh", "-c", "ls /usr/lib/libnss_extrausers.so.2 /usr/lib/*/libnss_extrausers.so.2 | grep ."],
    },
    Package { name: "gcc", probe: &["gcc", "--version"] },
    Package { name: "python3", probe: &["python3", "--version"] },
    Package { name: "python3-venv", probe: &["python3", "-c", "import venv, ensurepip"] },
    // python-ldap has no wheels: it is compiled against these.
    Package {
        name: "python3-dev",
        probe: &[
            "python3",
            "-c",
            "import os, sysconfig; open(os.path.join(sysconfig.get_paths()['include'], 'Python.h'))",
        ],
    },
    Package { name: "libldap-dev", probe: &["gcc", "-E", "-include", "ldap.h", "-x", "c", "/dev/null"] },
    Package {
        name: "libsasl2-dev",
        probe: &["gcc", "-E", "-include", "stddef.h", "-include", "sasl/sasl.h", "-x", "c", "/dev/null"],
    },
    // What a domain controller of Samba is made of.
    Package { name: "samba", probe: &["samba-tool", "--version"] },
    Package { name: "samba-ad-dc", probe: &["samba", "--version"] },
    Package {
        name: "samba-dsdb-modules",
        probe: &["sh", "-c", "ls /usr/lib/*/samba/ldb/samldb.so /usr/lib*/samba/ldb/samldb.so | grep ."],
    },
    Package {
        name: "samba-vfs-modules",
        probe: &["sh", "-c", "ls /usr/lib/*/samba/vfs/xattr_tdb.so /usr/lib*/samba/vfs/xattr_tdb.so | grep ."],
    },
    Package { name: "samba-ad-provision", probe: &["test", "-d", "/usr/share/samba/setup"] },
];

/// A part of the Rust toolchain, with its probe.
const COMPONENTS: &[Package] = &[
    Package { name: "rustfmt", probe: &["cargo", "fmt", "--version"] },
    Package { name: "clippy", probe: &["cargo", "clippy", "--version"] },
];

/// Why the tests cannot begin.
#[derive(Debug)]
pub enum RequirementError {
    /// These are missing and cannot be installed from here.
    Missing(Vec<&'static str>),
    /// Samba's LDAP ports cannot be chosen, and only root opens them.
    Root,
    /// They could not be installed.
    Step(StepError),
    /// A file cannot be read or written.
    File(PathBuf, std::io::Error),
}

impl std::fmt::Display for RequirementError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            RequirementError::Missing(names) => {
                write!(f, "missing: {0}; as root: apt-get install {0}", names.join(" "))
            }
            RequirementError::Root => {
                f.write_str("missing: root, for the comparison with Samba, which has its LDAP port at 389")
            }
            RequirementError::Step(error) => error.fmt(f),
            RequirementError::File(path, error) => write!(f, "{}: {error}", path.display()),
        }
    }
}

impl From<StepError> for RequirementError {
    fn from(error: StepError) -> RequirementError {
        RequirementError::Step(error)
    }
}

/// Sees to it that everything is there.
///
/// # Errors
/// What is missing and cannot be installed.
pub fn install(root: &Path) -> Result<(), RequirementError> {
    install_packages(PACKAGES)?;
    install_components()?;
    install_python_packages(root, PYTHON_ENVIRONMENT, PYTHON_PACKAGES)?;
    for release in SYNOLOGY_API_RELEASES {
        let environment = format!("{PYTHON_ENVIRONMENT}-synology-api-{release}");
        install_python_packages(root, &environment, &format!("tests/clients/synology_api/{release}.txt"))?;
    }
    if is_root() { Ok(()) } else { Err(RequirementError::Root) }
}

/// Whether the better test runner is there; compiling it would take longer than the tests.
pub fn has_nextest() -> bool {
    succeeds(&["cargo", "nextest", "--version"])
}

fn install_packages(packages: &[Package]) -> Result<(), RequirementError> {
    let missing = missing(packages);
    if missing.is_empty() {
        return Ok(());
    }
    if !is_root() || !succeeds(&["apt-get", "--version"]) {
        return Err(RequirementError::Missing(missing));
    }
    let apt_get = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").args(arguments);
        command
    };
    step::run("package lists", &mut apt_get(&["update", "-qq"]))?;
    step::run("packages", apt_get(&["install", "-qq", "-y", "--no-install-recommends"]).args(&missing))?;
    match self::missing(packages) {
        still if still.is_empty() => Ok(()),
        still => Err(RequirementError::Missing(still)),
    }
}

fn install_components() -> Result<(), RequirementError> {
    let missing = missing(COMPONENTS);
    if missing.is_empty() {
        return Ok(());
    }
    if !succeeds(&["rustup", "--version"]) {
        return Err(RequirementError::Missing(missing));
    }
    Ok(step::run("toolchain", Command::new("rustup").args(["component", "add"]).args(missing))?)
}

fn install_python_packages(root: &Path, environment: &str, packages: &str) -> Result<(), RequirementError> {
    let environment = root.join(environment);
    let wanted_path = root.join(packages);
    let wanted =
        fs::read_to_string(&wanted_path).map_err(|error| RequirementError::File(wanted_path.clone(), error))?;
    // Written last, so an installation that was interrupted is begun again.
    let installed_path = environment.join("installed.txt");
    if fs::read_to_string(&installed_path).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    step::run("Python environment", Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
    let mut pip = Command::new(environment.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(&wanted_path);
    step::run("Python packages", &mut pip)?;
    fs::write(&installed_path, wanted).map_err(|error| RequirementError::File(installed_path, error))
}

fn missing(of: &[Package]) -> Vec<&'static str> {
    of.iter().filter(|package| !succeeds(package.probe)).map(|package| package.name).collect()
}

fn succeeds(command: &[&str]) -> bool {
    let [program, arguments @ ..] = command else { return false };
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
