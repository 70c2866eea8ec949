//! The settings of the server as flags: made from its one table, so that none can be forgotten.

use std::collections::BTreeMap;
use std::path::PathBuf;

use bailiwick_credential::Password;
use bailiwick_server::config::{
    ADMIN_PASSWORD_VARIABLE, Config, ConfigError, Group, HOST_ADMIN_PASSWORD_VARIABLE, SETTINGS, Setting, Sources,
    Values,
};
use clap::{Arg, ArgMatches, Args, Command, Error, FromArgMatches};

/// Settings that were given as flags.
#[derive(Clone, Debug, Default)]
pub struct SettingFlags {
    flags: BTreeMap<&'static str, String>,
    file: Option<PathBuf>,
}

/// The name of the flag that names the configuration file.
const CONFIG: &str = "config";
/// The environment variable of the same meaning.
const CONFIG_VARIABLE: &str = "BAILIWICK_CONFIG";

impl SettingFlags {
    /// The values in force, with their origins.
    ///
    /// # Errors
    /// The configuration file cannot be read.
    pub fn values(&self) -> Result<Values, ConfigError> {
        let environment = |name: &str| std::env::var(name).ok().filter(|text| !text.is_empty());
        let file = self.file.clone().or_else(|| environment(CONFIG_VARIABLE).map(PathBuf::from));
        Values::read(&Sources { flags: &self.flags, environment: &environment, file })
    }

    /// The configuration in force.
    ///
    /// # Errors
    /// The configuration file cannot be read, or a value is not what its setting takes.
    pub fn config(&self) -> Result<Config, ConfigError> {
        let mut config = Config::from_values(&self.values()?)?;
        let password = |variable: &str| {
            let password = std::env::var_os(variable).filter(|password| !password.is_empty());
            password.map(|password| Password::new(password.as_encoded_bytes()))
        };
        config.admin_password = password(ADMIN_PASSWORD_VARIABLE);
        config.host_admin_password = password(HOST_ADMIN_PASSWORD_VARIABLE);
        Ok(config)
    }

    /// The same with another setting.
    #[must_use]
    pub fn with(mut self, name: &'static str, text: String) -> SettingFlags {
        self.flags.insert(name, text);
        self
    }
}

impl FromArgMatches for SettingFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<SettingFlags, Error> {
        let mut settings = SettingFlags::default();
        settings.update_from_arg_matches(matches)?;
        Ok(settings)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        for setting in SETTINGS {
            if let Some(text) = matches.get_one::<String>(setting.name) {
                self.flags.insert(setting.name, text.clone());
            }
        }
        if let Some(path) = matches.get_one::<PathBuf>(CONFIG) {
            self.file = Some(path.clone());
        }
        Ok(())
    }
}

impl Args for SettingFlags {
    fn augment_args(command: Command) -> Command {
        let file = Arg::new(CONFIG)
            .long(CONFIG)
            .value_name("FILE")
            .value_parser(clap::value_parser!(PathBuf))
            .help_heading(Group::Domain.heading())
            .help("A configuration file (TOML) instead of bailiwick.toml in the data folder.");
        SETTINGS.iter().fold(command.arg(file), |command, setting| command.arg(argument(setting)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        SettingFlags::augment_args(command)
    }
}

fn argument(setting: &'static Setting) -> Arg {
    let help = match setting.default {
        "" => setting.help.to_owned(),
        default => format!("{} [default: {default}]", setting.help),
    };
    let argument = Arg::new(setting.name)
        .long(setting.name)
        .value_name(setting.value)
        .help_heading(setting.group.heading())
        .help(help);
    // A switch may stand alone: `--require-encryption` is `--require-encryption true`.
    match setting.value {
        "true|false" => argument.num_args(0..=1).require_equals(true).default_missing_value("true"),
        _ => argument,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(arguments: &[&str]) -> Result<SettingFlags, Error> {
        let command = SettingFlags::augment_args(Command::new("bailiwick"));
        SettingFlags::from_arg_matches(&command.try_get_matches_from(arguments)?)
    }

    #[test]
    fn every_setting_is_a_flag() {
        let command = SettingFlags::augment_args(Command::new("bailiwick"));
        command.clone().debug_assert();
        assert!(SETTINGS.iter().all(|setting| command.get_arguments().any(|arg| arg.get_long() == Some(setting.name))));
    }

    #[test]
    fn only_given_flags_count() {
        let flags = flags(&["bailiwick", "--ldap", "off", "--require-encryption"]).unwrap().flags;
        assert_eq!(flags, BTreeMap::from([("ldap", "off".to_owned()), ("require-encryption", "true".to_owned())]));
    }
}
