//! What is written is read back equal, for generated requests, responses and values; and no octets panic.

use bailiwick_adtypes::filter::{Assertion, Extensible, Filter, Substrings};
use bailiwick_adtypes::modification::{Attribute, Modification, Operation};
use bailiwick_ldap::client::Client;
use bailiwick_ldap::connection::{Connection, Event, Limits};
use bailiwick_ldap::control::server_side_sort::SortKey;
use bailiwick_ldap::control::{
    Control, ExtendedDn, PagedResults, SdFlags, SearchOptions, ServerSideSort, ServerSideSortResponse,
};
use bailiwick_ldap::extended::cancel::Cancel;
use bailiwick_ldap::extended::password_modify::{PasswordModify, PasswordModifyResponse};
use bailiwick_ldap::frame;
use bailiwick_ldap::message::{MessageId, RequestMessage, ResponseMessage};
use bailiwick_ldap::request::{
    AbandonRequest, AddRequest, Authentication, BindRequest, CompareRequest, DeleteRequest, DereferenceAliases,
    ExtendedRequest, ModifyDnRequest, ModifyRequest, Request, Scope, SearchRequest,
};
use bailiwick_ldap::response::search_entry::EntryAttribute;
use bailiwick_ldap::response::{
    BindResponse, ExtendedResponse, IntermediateResponse, LdapResult, Response, ResponseKind, SearchEntry,
    SearchReference, write_result,
};
use bailiwick_ldap::result_code::ResultCode;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

// Messages borrow their strings, so generated ones are leaked; a test process may.
fn text() -> impl Strategy<Value = &'static str> + Clone {
    prop_oneof!["[a-zA-Z0-9;=,. -]{0,20}", "\\PC{0,140}"].prop_map(|text| &*text.leak())
}

fn octets() -> impl Strategy<Value = &'static [u8]> + Clone {
    prop_oneof![9 => vec(any::<u8>(), 0..40), 1 => vec(any::<u8>(), 100..400)].prop_map(|octets| &*octets.leak())
}

fn values() -> impl Strategy<Value = Vec<Vec<u8>>> {
    vec(octets().prop_map(<[u8]>::to_vec), 0..4)
}

fn id() -> impl Strategy<Value = MessageId> {
    (1..=MessageId::MAX.number()).prop_map(|number| MessageId::new(number).unwrap())
}

fn controls() -> impl Strategy<Value = Vec<Control<'static>>> {
    let control = (text(), any::<bool>(), option::of(octets())).prop_map(|(oid, critical, value)| Control {
        oid,
        critical,
        value,
    });
    vec(control, 0..4)
}

fn assertion() -> impl Strategy<Value = Assertion> {
    (text(), octets())
        .prop_map(|(attribute, value)| Assertion { attribute: attribute.to_owned(), value: value.to_vec() })
}

fn substrings() -> impl Strategy<Value = Substrings> {
    let piece = || vec(any::<u8>(), 1..10);
    (text(), option::of(piece()), vec(piece(), 0..3), option::of(piece()))
        .prop_map(|(attribute, initial, any, last)| Substrings { attribute: attribute.to_owned(), initial, any, last })
        .prop_filter("at least one piece", |substrings| {
            substrings.initial.is_some() || !substrings.any.is_empty() || substrings.last.is_some()
        })
}

fn extensible() -> impl Strategy<Value = Extensible> {
    let names = prop_oneof![
        text().prop_map(|rule| (Some(rule), None)),
        text().prop_map(|attribute| (None, Some(attribute))),
        (text(), text()).prop_map(|(rule, attribute)| (Some(rule), Some(attribute))),
    ];
    (names, octets(), any::<bool>()).prop_map(|((rule, attribute), value, dn_attributes)| Extensible {
        rule: rule.map(str::to_owned),
        attribute: attribute.map(str::to_owned),
        value: value.to_vec(),
        dn_attributes,
    })
}

fn filter() -> impl Strategy<Value = Filter> {
    let leaf = prop_oneof![
        assertion().prop_map(Filter::Equality),
        assertion().prop_map(Filter::GreaterOrEqual),
        assertion().prop_map(Filter::LessOrEqual),
        assertion().prop_map(Filter::Approximate),
        text().prop_map(|attribute| Filter::Present(attribute.to_owned())),
        substrings().prop_map(Filter::Substrings),
        extensible().prop_map(Filter::Extensible),
    ];
    leaf.prop_recursive(8, 40, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Filter::And),
            vec(inner.clone(), 0..4).prop_map(Filter::Or),
            inner.prop_map(|operand| Filter::Not(Box::new(operand))),
        ]
    })
}

fn bind() -> impl Strategy<Value = BindRequest<'static>> {
    let authentication = prop_oneof![
        octets().prop_map(Authentication::Simple),
        (text(), option::of(octets()))
            .prop_map(|(mechanism, credentials)| { Authentication::Sasl { mechanism, credentials } }),
    ];
    (1..=127_u8, text(), authentication).prop_map(|(version, name, authentication)| BindRequest {
        version,
        name,
        authentication,
    })
}

fn search() -> impl Strategy<Value = SearchRequest<'static>> {
    let scope = prop_oneof![Just(Scope::Base), Just(Scope::OneLevel), Just(Scope::Subtree)];
    let dereference_aliases = prop_oneof![
        Just(DereferenceAliases::Never),
        Just(DereferenceAliases::Searching),
        Just(DereferenceAliases::Finding),
        Just(DereferenceAliases::Always),
    ];
    (
        text(),
        scope,
        dereference_aliases,
        0..=0x7FFF_FFFF_u32,
        0..=0x7FFF_FFFF_u32,
        any::<bool>(),
        filter(),
        vec(text(), 0..5),
    )
        .prop_map(
            |(base, scope, dereference_aliases, size_limit, time_limit_seconds, types_only, filter, attributes)| {
                SearchRequest {
                    base,
                    scope,
                    dereference_aliases,
                    size_limit,
                    time_limit_seconds,
                    types_only,
                    filter,
                    attributes,
                }
            },
        )
}

fn modification() -> impl Strategy<Value = Modification> {
    let operation = prop_oneof![Just(Operation::Add), Just(Operation::Delete), Just(Operation::Replace)];
    (operation, text(), values()).prop_map(|(operation, attribute, values)| Modification {
        operation,
        attribute: attribute.to_owned(),
        values,
    })
}

fn attribute() -> impl Strategy<Value = Attribute> {
    (text(), values()).prop_map(|(name, values)| Attribute { name: name.to_owned(), values })
}

fn modify_dn() -> impl Strategy<Value = ModifyDnRequest<'static>> {
    (text(), text(), any::<bool>(), option::of(text())).prop_map(|(entry, new_rdn, delete_old_rdn, new_superior)| {
        ModifyDnRequest { entry, new_rdn, delete_old_rdn, new_superior }
    })
}

fn request() -> impl Strategy<Value = Request<'static>> {
    prop_oneof![
        bind().prop_map(Request::Bind),
        Just(Request::Unbind),
        search().prop_map(Request::Search),
        (text(), vec(modification(), 0..4))
            .prop_map(|(entry, modifications)| { Request::Modify(ModifyRequest { entry, modifications }) }),
        (text(), vec(attribute(), 0..4)).prop_map(|(entry, attributes)| Request::Add(AddRequest { entry, attributes })),
        text().prop_map(|entry| Request::Delete(DeleteRequest { entry })),
        modify_dn().prop_map(Request::ModifyDn),
        (text(), text(), octets())
            .prop_map(|(entry, attribute, value)| { Request::Compare(CompareRequest { entry, attribute, value }) }),
        id().prop_map(|target| Request::Abandon(AbandonRequest { target })),
        (text(), option::of(octets())).prop_map(|(name, value)| Request::Extended(ExtendedRequest { name, value })),
    ]
}

fn result() -> impl Strategy<Value = LdapResult<'static>> {
    (0..=200_u32, text(), text(), vec(text(), 0..3)).prop_map(|(code, matched_dn, diagnostic, referrals)| LdapResult {
        code: ResultCode::from_number(code),
        matched_dn,
        diagnostic,
        referrals,
    })
}

fn entry() -> impl Strategy<Value = SearchEntry<'static>> {
    let attribute = (text(), vec(octets(), 0..4)).prop_map(|(name, values)| EntryAttribute { name, values });
    (text(), vec(attribute, 0..5)).prop_map(|(dn, attributes)| SearchEntry { dn, attributes })
}

proptest! {
    #[test]
    fn requests(id in id(), operation in request(), controls in controls()) {
        let message = RequestMessage { id, operation, controls: controls.into() };
        let mut out = Vec::new();
        message.encode(&mut out);
        prop_assert_eq!(frame::next(&out, usize::MAX), Ok(Some(out.len())));
        prop_assert_eq!(RequestMessage::decode(&out), Ok(message));
    }

    #[test]
    fn results(id in id(), result in result(), controls in controls()) {
        let kinds = [
            ResponseKind::SearchDone,
            ResponseKind::Modify,
            ResponseKind::Add,
            ResponseKind::Delete,
            ResponseKind::ModifyDn,
            ResponseKind::Compare,
            ResponseKind::Bind,
            ResponseKind::Extended,
        ];
        for kind in kinds {
            let mut out = Vec::new();
            write_result(&mut out, id, kind, &result, &controls);
            let message = ResponseMessage::decode(&out).unwrap();
            prop_assert_eq!(message.id, id);
            prop_assert_eq!(message.operation.result(), Some(&result));
            prop_assert_eq!(message.controls.as_slice(), &controls[..]);
        }
    }

    #[test]
    fn responses_with_more(
        id in id(),
        result in result(),
        name in option::of(text()),
        value in option::of(octets()),
        addresses in vec(text(), 1..4),
        controls in controls(),
    ) {
        let bind = BindResponse { result: result.clone(), server_credentials: value };
        let extended = ExtendedResponse { result, name, value };
        let intermediate = IntermediateResponse { name, value };
        let reference = SearchReference { addresses };
        let mut out = vec![Vec::new(); 4];
        bind.write(&mut out[0], id, &controls);
        extended.write(&mut out[1], id, &controls);
        intermediate.write(&mut out[2], id, &controls);
        reference.write(&mut out[3], id, &controls);
        let expected = [
            Response::Bind(bind),
            Response::Extended(extended),
            Response::Intermediate(intermediate),
            Response::SearchReference(reference),
        ];
        for (out, operation) in out.iter().zip(expected) {
            let message = ResponseMessage { id, operation, controls: controls.clone().into() };
            prop_assert_eq!(ResponseMessage::decode(out), Ok(message));
        }
    }

    #[test]
    fn entries(id in id(), entry in entry(), controls in controls()) {
        let mut out = Vec::new();
        entry.write(&mut out, id, &controls);
        let operation = Response::SearchEntry(entry);
        let message = ResponseMessage { id, operation, controls: controls.into() };
        prop_assert_eq!(ResponseMessage::decode(&out), Ok(message));
    }

    #[test]
    fn values_of_controls(
        size in 0..=0x7FFF_FFFF_u32,
        flags in any::<u32>(),
        cookie in octets(),
        keys in vec((text(), option::of(text()), any::<bool>()), 1..5),
        code in 0..=200_u32,
        attribute in option::of(text()),
    ) {
        let paged = PagedResults { size, cookie };
        let value = paged.encode();
        prop_assert_eq!(PagedResults::decode(Some(&value)), Ok(paged));
        let sd_flags = SdFlags { flags };
        let value = sd_flags.encode();
        prop_assert_eq!(SdFlags::decode(Some(&value)), Ok(sd_flags));
        let options = SearchOptions { flags };
        let value = options.encode();
        prop_assert_eq!(SearchOptions::decode(Some(&value)), Ok(options));
        for form in [ExtendedDn::Hexadecimal, ExtendedDn::Text] {
            let value = form.encode();
            prop_assert_eq!(ExtendedDn::decode(Some(&value)), Ok(form));
        }
        let keys = keys
            .into_iter()
            .map(|(attribute, rule, reverse)| SortKey { attribute, rule, reverse })
            .collect();
        let sort = ServerSideSort { keys };
        let value = sort.encode();
        prop_assert_eq!(ServerSideSort::decode(Some(&value)), Ok(sort));
        let sorted = ServerSideSortResponse { code: ResultCode::from_number(code), attribute };
        let value = sorted.encode();
        prop_assert_eq!(ServerSideSortResponse::decode(Some(&value)), Ok(sorted));
    }

    #[test]
    fn values_of_extended_operations(
        target in id(),
        identity in option::of(octets()),
        old_password in option::of(octets()),
        new_password in option::of(octets()),
    ) {
        let cancel = Cancel { target };
        let value = cancel.encode();
        prop_assert_eq!(Cancel::decode(Some(&value)), Ok(cancel));
        let modify = PasswordModify { identity, old_password, new_password };
        let value = modify.encode();
        prop_assert_eq!(PasswordModify::decode(Some(&value)), Ok(modify));
        let made = PasswordModifyResponse { generated_password: new_password };
        let value = made.encode();
        prop_assert_eq!(PasswordModifyResponse::decode(Some(&value)), Ok(made));
    }

    #[test]
    fn no_octets_panic(octets in vec(any::<u8>(), 0..200)) {
        let _ = frame::next(&octets, 100);
        let _ = RequestMessage::decode(&octets);
        let _ = ResponseMessage::decode(&octets);
        let _ = PagedResults::decode(Some(&octets));
        let _ = ServerSideSort::decode(Some(&octets));
        let _ = ServerSideSortResponse::decode(Some(&octets));
        let _ = SdFlags::decode(Some(&octets));
        let _ = ExtendedDn::decode(Some(&octets));
        let _ = Cancel::decode(Some(&octets));
        let _ = PasswordModify::decode(Some(&octets));
        let mut connection = Connection::in_clear(Limits::default());
        connection.feed(&octets);
        while connection.next_event().is_some() {}
        let mut client = Client::new();
        client.feed(&octets);
        while let Ok(Some(_)) = client.next_response() {}
    }

    /// Whatever a client sends, a server takes in the same order, however the stream is cut into pieces.
    #[test]
    fn client_and_server_understand_each_other(
        requests in vec((request(), controls()), 1..6),
        piece in 1..200_usize,
    ) {
        let mut client = Client::new();
        let mut stream = Vec::new();
        let sent: Vec<_> = requests
            .iter()
            .filter(|(operation, _)| {
                !matches!(operation, Request::Unbind | Request::Abandon(_))
            })
            .map(|(operation, controls)| (client.send(&mut stream, operation, controls), operation))
            .collect();
        let mut connection = Connection::in_clear(Limits::default());
        let mut received = 0;
        for piece in stream.chunks(piece) {
            connection.feed(piece);
            loop {
                let id = match connection.next_event() {
                    Some(Event::Request(message)) => {
                        prop_assert_eq!((message.id, &message.operation), sent[received]);
                        message.id
                    }
                    Some(event) => return Err(TestCaseError::fail(format!("{event:?}"))),
                    None => break,
                };
                received += 1;
                connection.finish(id);
            }
        }
        prop_assert_eq!(received, sent.len());
    }
}
