//! What the owner of a data folder asks of a server.

use bailiwick_accounts::administration::{Request, parse_result, to_octets};

/// A request, or what came of one: what is read is written in a form that reads as the same.
pub fn host_administration(data: &[u8]) {
    if let Ok(request) = Request::parse(data) {
        let written = request.to_octets();
        let again = Request::parse(&written).map(|request| request.to_octets());
        assert_eq!(again, Ok(written));
    }
    if let Ok(result) = parse_result(data) {
        let written = to_octets(&result);
        let again = parse_result(&written).map(|result| to_octets(&result));
        assert_eq!(again, Ok(written));
    }
}
