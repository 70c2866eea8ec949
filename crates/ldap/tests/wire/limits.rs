//! What a message may have at most, and that one more is refused under the id of the message.

use bailiwick_adtypes::filter::{FILTER_DEPTH_MAX, FILTER_NODES_MAX, Filter};
use bailiwick_adtypes::modification::{Attribute, Modification, Operation};
use bailiwick_ldap::control::{CONTROLS_PER_MESSAGE_MAX, Control};
use bailiwick_ldap::malformed::{Items, Malformed};
use bailiwick_ldap::message::{DecodeError, MessageId, RequestMessage};
use bailiwick_ldap::request::search::ATTRIBUTES_PER_SEARCH_MAX;
use bailiwick_ldap::request::{
    ATTRIBUTES_PER_ADD_MAX, AddRequest, DereferenceAliases, MODIFICATIONS_PER_MODIFY_MAX, ModifyRequest, Request,
    Scope, SearchRequest, VALUES_PER_REQUEST_MAX,
};

fn message(operation: Request<'_>, controls: usize) -> RequestMessage<'_> {
    RequestMessage {
        id: MessageId::new(3).unwrap(),
        operation,
        controls: vec![Control::optional("1.2.3", None); controls].into(),
    }
}

#[track_caller]
fn check(message: &RequestMessage<'_>, expected: Option<Malformed>) {
    let mut out = Vec::new();
    message.encode(&mut out);
    let decoded = RequestMessage::decode(&out);
    match expected {
        None => assert!(decoded.is_ok_and(|decoded| decoded == *message)),
        Some(malformed) => assert_eq!(
            decoded,
            Err(DecodeError::Operation { id: message.id, kind: message.operation.kind(), malformed })
        ),
    }
}

fn too_many(items: Items, maximum: usize) -> Option<Malformed> {
    Some(Malformed::TooMany { items, maximum })
}

fn search(filter: Filter, attributes: usize) -> Request<'static> {
    Request::Search(SearchRequest {
        base: "",
        scope: Scope::Base,
        dereference_aliases: DereferenceAliases::Never,
        size_limit: 0,
        time_limit_seconds: 0,
        types_only: false,
        filter,
        attributes: vec!["cn"; attributes],
    })
}

fn present() -> Filter {
    Filter::Present("cn".into())
}

#[test]
fn controls_are_limited() {
    let maximum = CONTROLS_PER_MESSAGE_MAX;
    check(&message(Request::Unbind, maximum), None);
    check(&message(Request::Unbind, maximum + 1), too_many(Items::Controls, maximum));
}

#[test]
fn attributes_of_a_search_are_limited() {
    let maximum = ATTRIBUTES_PER_SEARCH_MAX;
    check(&message(search(present(), maximum), 0), None);
    check(&message(search(present(), maximum + 1), 0), too_many(Items::SearchAttributes, maximum));
}

#[test]
fn filters_are_limited_in_depth() {
    let nested = |levels| {
        (1..levels).fold(present(), |filter, level| match level % 3 {
            0 => Filter::Not(Box::new(filter)),
            1 => Filter::And(vec![filter]),
            _ => Filter::Or(vec![filter]),
        })
    };
    check(&message(search(nested(FILTER_DEPTH_MAX), 0), 0), None);
    check(&message(search(nested(FILTER_DEPTH_MAX + 1), 0), 0), Some(Malformed::FilterDepth));
}

#[test]
fn filters_are_limited_in_nodes() {
    let wide = |nodes| Filter::And(vec![present(); nodes - 1]);
    check(&message(search(wide(FILTER_NODES_MAX), 0), 0), None);
    check(&message(search(wide(FILTER_NODES_MAX + 1), 0), 0), too_many(Items::FilterNodes, FILTER_NODES_MAX));
}

fn add(attributes: usize, values: usize) -> Request<'static> {
    Request::Add(AddRequest {
        entry: "",
        attributes: vec![Attribute { name: "a".into(), values: vec![Vec::new(); values] }; attributes],
    })
}

fn modify(modifications: usize, values: usize) -> Request<'static> {
    Request::Modify(ModifyRequest {
        entry: "",
        modifications: vec![
            Modification {
                operation: Operation::Add,
                attribute: "a".into(),
                values: vec![Vec::new(); values],
            };
            modifications
        ],
    })
}

#[test]
fn attributes_of_an_add_are_limited() {
    let maximum = ATTRIBUTES_PER_ADD_MAX;
    check(&message(add(maximum, 1), 0), None);
    check(&message(add(maximum + 1, 1), 0), too_many(Items::Attributes, maximum));
}

#[test]
fn changes_of_a_modify_are_limited() {
    let maximum = MODIFICATIONS_PER_MODIFY_MAX;
    check(&message(modify(maximum, 1), 0), None);
    check(&message(modify(maximum + 1, 1), 0), too_many(Items::Modifications, maximum));
}

#[test]
fn values_are_limited_over_all_attributes() {
    let maximum = VALUES_PER_REQUEST_MAX;
    check(&message(add(2, maximum / 2), 0), None);
    check(&message(modify(1, maximum), 0), None);
    check(&message(add(2, maximum / 2 + 1), 0), too_many(Items::Values, maximum));
    check(&message(modify(1, maximum + 1), 0), too_many(Items::Values, maximum));
}
