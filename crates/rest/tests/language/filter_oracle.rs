//! Generated filters: what a body is read as is the LDAP filter that it stands for, said a second time by this test.

use bailiwick_adtypes::filter::Filter;
use bailiwick_rest::filter;
use proptest::prelude::*;

use crate::domain::{attribute, json};

/// A statement of the language.
#[derive(Clone, Debug)]
enum Statement {
    Pair(String, Wanted),
    And(Vec<Statement>),
    Or(Vec<Vec<Statement>>),
    Nor(Vec<Vec<Statement>>),
    Not(Vec<Statement>),
    Bits { all: bool, attribute: String, number: i64 },
    Recurse(String),
}

/// What a pair looks for: text with stars as wildcards, or anything else.
#[derive(Clone, Debug)]
enum Wanted {
    Absence,
    Truth(bool),
    Number(i64),
    /// Literal pieces, with a star between each and the next.
    Pattern(Vec<String>),
}

fn attribute_name() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("cn".to_owned()),
        Just("mail".to_owned()),
        Just("description".to_owned()),
        "[a-z][a-zA-Z0-9-]{0,6}x"
    ]
}

/// Characters that mean something to one of the two languages, beside plain ones.
fn piece() -> impl Strategy<Value = String> {
    r#"[a-c()&|!=*\\/"'{}\[\]:,0 äß😀]{0,5}"#
}

fn statement() -> impl Strategy<Value = Statement> {
    let wanted = prop_oneof![
        Just(Wanted::Absence),
        any::<bool>().prop_map(Wanted::Truth),
        any::<i64>().prop_map(Wanted::Number),
        prop::collection::vec(piece(), 1..4).prop_map(Wanted::Pattern),
    ];
    let leaf = prop_oneof![
        4 => (attribute_name(), wanted).prop_map(|(name, wanted)| Statement::Pair(name, wanted)),
        1 => (any::<bool>(), attribute_name(), any::<i64>())
            .prop_map(|(all, attribute, number)| Statement::Bits { all, attribute, number }),
        1 => "CN=[a-c]{1,3},DC=[a-c]".prop_map(Statement::Recurse),
    ];
    leaf.prop_recursive(5, 48, 4, |inner| {
        let members = || prop::collection::vec(inner.clone(), 1..4).prop_map(without_repetition);
        let alternatives = || prop::collection::vec(members(), 1..3);
        prop_oneof![
            members().prop_map(Statement::And),
            members().prop_map(Statement::Not),
            alternatives().prop_map(Statement::Or),
            alternatives().prop_map(Statement::Nor),
        ]
    })
}

/// An object has no name twice.
fn without_repetition(statements: Vec<Statement>) -> Vec<Statement> {
    let mut names = Vec::new();
    let fresh = |statement: &Statement| {
        let name = statement.name();
        let is_fresh = !names.contains(&name);
        names.push(name);
        is_fresh
    };
    statements.into_iter().filter(fresh).collect()
}

impl Statement {
    fn name(&self) -> String {
        match self {
            Statement::Pair(name, _) => name.clone(),
            Statement::And(_) => "and".to_owned(),
            Statement::Or(_) => "Or".to_owned(),
            Statement::Nor(_) => "nor".to_owned(),
            Statement::Not(_) => "NOT".to_owned(),
            Statement::Bits { all: true, .. } => "band".to_owned(),
            Statement::Bits { all: false, .. } => "bor".to_owned(),
            Statement::Recurse(_) => "recurse".to_owned(),
        }
    }

    fn member(&self) -> String {
        let value = match self {
            Statement::Pair(_, wanted) => wanted.json(),
            Statement::And(statements) | Statement::Not(statements) => object(statements),
            Statement::Or(alternatives) | Statement::Nor(alternatives) => {
                format!("[{}]", alternatives.iter().map(|members| object(members)).collect::<Vec<_>>().join(" , "))
            }
            Statement::Bits { attribute, number, .. } => format!("{{\"{attribute}\":{number}}}"),
            Statement::Recurse(name) => format!("{{\"memberOf\":\"{name}\"}}"),
        };
        format!("\"{}\": {value}", self.name())
    }

    /// The filter, written by hand as RFC 4515 has it.
    fn filter(&self) -> String {
        let all = |statements: &[Statement]| statements.iter().map(Statement::filter).collect::<String>();
        match self {
            Statement::Pair(name, wanted) => wanted.filter(name),
            Statement::And(statements) => format!("(&{})", all(statements)),
            Statement::Not(statements) => match &statements[..] {
                [only] => format!("(!{})", only.filter()),
                several => {
                    format!("(&{})", several.iter().map(|one| format!("(!{})", one.filter())).collect::<String>())
                }
            },
            Statement::Or(alternatives) => format!("(|{})", all(&alternatives.concat())),
            Statement::Nor(alternatives) => {
                let negated = alternatives.concat().into_iter().map(|statement| match statement {
                    Statement::Not(_) => statement.filter(),
                    other => format!("(!{})", other.filter()),
                });
                format!("(&{})", negated.collect::<String>())
            }
            Statement::Bits { all, attribute, number } => {
                let rule = if *all { 803 } else { 804 };
                format!("({attribute}:1.2.840.113556.1.4.{rule}:={number})")
            }
            Statement::Recurse(name) => format!("(memberOf:1.2.840.113556.1.4.1941:={name})"),
        }
    }
}

fn object(statements: &[Statement]) -> String {
    format!("{{{}}}", statements.iter().map(Statement::member).collect::<Vec<_>>().join(","))
}

impl Wanted {
    fn json(&self) -> String {
        match self {
            Wanted::Absence => "null".to_owned(),
            Wanted::Truth(truth) => truth.to_string(),
            Wanted::Number(number) => number.to_string(),
            Wanted::Pattern(pieces) => {
                // Stars and backslashes within a piece are escaped for the filter, then everything for JSON.
                let escape = |piece: &String| piece.replace('\\', "\\5c").replace('*', "\\2A");
                let text = pieces.iter().map(escape).collect::<Vec<_>>().join("*");
                format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
            }
        }
    }

    fn filter(&self, name: &str) -> String {
        match self {
            Wanted::Absence => format!("(!({name}=*))"),
            Wanted::Truth(truth) => format!("({name}={})", truth.to_string().to_uppercase()),
            Wanted::Number(number) => format!("({name}={number})"),
            Wanted::Pattern(pieces) if pieces.len() == 1 && pieces[0].trim().is_empty() => format!("(!({name}=*))"),
            Wanted::Pattern(pieces) => {
                let escape = |piece: &String| {
                    piece.chars().fold(String::new(), |text, character| match character {
                        '*' | '(' | ')' | '\\' => format!("{text}\\{:02x}", u32::from(character)),
                        character => format!("{text}{character}"),
                    })
                };
                format!("({name}={})", pieces.iter().map(escape).collect::<Vec<_>>().join("*"))
            }
        }
    }
}

proptest! {
    #[test]
    fn a_body_is_the_filter_that_it_stands_for(statement in statement()) {
        let body = format!("{{ {} }} // a comment", statement.member());
        let root = match &statement {
            Statement::Pair(..) => format!("(&{})", statement.filter()),
            _ => statement.filter(),
        };
        let expected = Filter::parse(&root).unwrap();
        let read = filter::read(&json(&body), &[], &attribute).unwrap();
        prop_assert_eq!(read.to_string(), expected.to_string());
        prop_assert_eq!(read, expected);
    }
}
