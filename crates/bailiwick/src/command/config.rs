//! `bailiwick config`: every setting, its value in force, and where that came from.

use std::process::ExitCode;

use bailiwick_server::config::{Config, Origin, Values};
use clap::Args;
use serde_json::json;

use crate::exit::Failure;
use crate::flags::SettingFlags;

/// Show every setting, its value in force, and where that came from.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct ShowConfig {
    /// One JSON object instead of a table.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    settings: SettingFlags,
}

const EXAMPLES: &str = "\
Examples:
  bailiwick config
  BAILIWICK_LDAP=0.0.0.0:389 bailiwick config --json";

impl ShowConfig {
    /// Prints the settings.
    ///
    /// # Errors
    /// The configuration is wrong.
    pub fn run(self) -> Result<ExitCode, Failure> {
        let values = self.settings.values()?;
        // What is shown is in force, so it must be acceptable.
        Config::from_values(&values)?;
        print!("{}", if self.json { as_json(&values) } else { as_table(&values) });
        Ok(ExitCode::SUCCESS)
    }
}

fn as_table(values: &Values) -> String {
    let rows: Vec<[String; 3]> = values
        .iter()
        .map(|(setting, value)| {
            let shown = if value.text.is_empty() { "-".to_owned() } else { value.text.clone() };
            [setting.name.to_owned(), shown, value.origin.to_string()]
        })
        .collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let (names, texts) = (width(0), width(1));
    rows.iter().map(|[name, text, origin]| format!("{name:names$}  {text:texts$}  {origin}\n")).collect()
}

fn as_json(values: &Values) -> String {
    let settings: serde_json::Map<String, serde_json::Value> = values
        .iter()
        .map(|(setting, value)| {
            let origin = match &value.origin {
                Origin::Flag => json!("flag"),
                Origin::Environment => json!(setting.variable()),
                Origin::File { path, line } => json!(format!("{}:{line}", path.display())),
                Origin::Default => json!("default"),
            };
            (setting.name.to_owned(), json!({ "value": value.text, "origin": origin }))
        })
        .collect();
    format!("{:#}\n", serde_json::Value::Object(settings))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Values {
        SettingFlags::default().with("data", "/nonexistent".into()).with("ldap", "off".into()).values().unwrap()
    }

    #[test]
    fn the_table_names_value_and_origin() {
        let table = as_table(&values());
        let line = table.lines().find(|line| line.starts_with("ldap ")).unwrap();
        assert_eq!(line.split_whitespace().collect::<Vec<_>>(), ["ldap", "off", "flag"]);
    }

    #[test]
    fn the_json_holds_the_same() {
        let json: serde_json::Value = serde_json::from_str(&as_json(&values())).unwrap();
        assert_eq!(json["ldap"], json!({ "value": "off", "origin": "flag" }));
        assert_eq!(json["ldaps"]["origin"], json!("default"));
    }
}
