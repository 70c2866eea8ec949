//! Two who edit the same object: the second one is told.

use bailiwick_tests::Server;

use super::client::{Request, ask, done};

const PATH: &str = "/search?scope=base&searchBase=Guest&properties=description,uSNChanged";

#[test]
fn an_edit_with_an_old_tag_is_refused() {
    let server = Server::start();
    let read = ask(&server, "GET", PATH, "").expect(200);
    let tag = read.header("etag")[0].to_owned();
    assert_eq!(tag, format!("\"{}\"", read.json()["results"][0]["usnchanged"]));
    let edit = |tag: &str, text: &str| {
        let body = format!(r#"{{"dn":"Guest","edits":{{"set":{{"description":"{text}"}}}}}}"#);
        Request::new("PUT", "/edit").header("If-Match", tag).body(body).send(&server)
    };
    edit(&tag, "first").expect(202);
    let late = edit(&tag, "second").expect(412);
    assert_eq!(late.json()["success"], false);
    let read = ask(&server, "GET", PATH, "").expect(200);
    assert_eq!(read.json()["results"][0]["description"], "first");
    edit(&format!("\"1\", {}", read.header("etag")[0]), "second").expect(202);
    edit("*", "third").expect(202);
    edit("nonsense", "fourth").expect(412);
}

#[test]
fn of_many_editors_at_once_one_wins() {
    let server = Server::start();
    let tag = ask(&server, "GET", PATH, "").expect(200).header("etag")[0].to_owned();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|number| {
                let (server, tag) = (&server, &tag);
                scope.spawn(move || {
                    let body = format!(r#"{{"dn":"Guest","edits":{{"set":{{"description":"{number}"}}}}}}"#);
                    Request::new("PUT", "/edit").header("If-Match", tag).body(body).send(server).status
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("a thread ends")).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 202).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 412).count(), 7, "{statuses:?}");
    done(&server, "PUT", "/edit", r#"{"dn":"Guest","edits":{"set":{"description":"last"}}}"#);
}
