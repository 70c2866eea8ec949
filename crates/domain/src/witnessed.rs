//! A directory whose sign-ins and changes are witnessed: wrapped around any other one, for one face.
//!
//! A face is handed nothing else, so it can neither forget an event nor say that it came through another face.

use std::sync::Arc;

use bailiwick_adtypes::dn::ObjectName;
use bailiwick_adtypes::file_time::FileTime;
use bailiwick_adtypes::modification::Attribute;
use bailiwick_adtypes::sid::Sid;

use crate::event::cut_name;
use crate::{
    Account, Action, Applied, AttributeType, Authentication, Budget, Change, Check, Context, Directory, Error, Event,
    Face, Identity, Limits, ListRequest, Listed, Object, Password, Position, Progress, Refused, Requester,
    SearchRequest, Seen, Sink, Turned, Verdict, Witness, Written,
};

/// A directory as one face sees it.
#[derive(Clone)]
pub struct Witnessed {
    directory: Arc<dyn Directory>,
    witness: Arc<dyn Witness>,
    face: Face,
}

impl Witnessed {
    /// `directory` for `face`; `witness` hears of every sign-in and every change.
    pub fn new(directory: Arc<dyn Directory>, witness: Arc<dyn Witness>, face: Face) -> Witnessed {
        Witnessed { directory, witness, face }
    }

    fn tell(&self, context: &Context<'_>, action: Action, result: Result<(), Error>) {
        self.witness.witness(Event {
            at: context.now,
            request_id: context.request_id,
            face: self.face,
            requester: context.requester.clone(),
            action,
            result,
        });
    }

    fn signed_in(&self, context: &Context<'_>, name: &str, result: &Result<Requester, Error>) {
        let account = result.as_ref().ok().and_then(|requester| match &requester.identity {
            Identity::Account { sid, name, .. } => Some(Account { sid: Some(*sid), name: Arc::clone(name) }),
            Identity::System => Some(Account { sid: None, name: Arc::from("system") }),
            Identity::Anonymous => None,
        });
        let result = result.as_ref().map(|_| ()).map_err(Error::clone);
        self.tell(context, Action::SignIn { name: cut_name(name), account }, result);
    }

    fn applied(&self, context: &Context<'_>, changes: &[Change], result: &Result<Vec<Applied>, Refused>) {
        match result {
            Ok(applied) => {
                for (change, applied) in changes.iter().zip(applied) {
                    self.changed(context, change, Ok(applied));
                }
            }
            Err(refused) => {
                if let Some(change) = changes.get(refused.index) {
                    self.changed(context, change, Err(&refused.error));
                }
            }
        }
    }

    fn changed(&self, context: &Context<'_>, change: &Change, result: Result<&Applied, &Error>) {
        let object =
            |name: &ObjectName| Object { name: cut_name(&name.to_string()), guid: result.ok().map(|done| done.guid) };
        let conceals = |attribute: &str| self.directory.conceals(attribute);
        let action = match change {
            Change::Add { name, attributes, .. } => {
                Action::Add { object: object(name), written: Written::of_attributes(attributes, &conceals) }
            }
            Change::Modify { name, modifications, .. } => {
                Action::Modify { object: object(name), written: Written::of_modifications(modifications, &conceals) }
            }
            Change::Rename(rename) => Action::Rename {
                object: object(&rename.name),
                new_rdn: cut_name(&rename.new_rdn.to_string()),
                new_superior: rename.new_superior.as_ref().map(|name| cut_name(&name.to_string())),
            },
            Change::Delete { name, tree } => Action::Delete { object: object(name), tree: *tree },
        };
        self.tell(context, action, result.map(|_| ()).map_err(Error::clone));
    }
}

impl Directory for Witnessed {
    fn search(
        &self,
        context: &Context<'_>,
        request: &SearchRequest,
        from: Option<&Position>,
        budget: Budget,
        sink: &mut dyn Sink,
    ) -> Result<Progress, Error> {
        self.directory.search(context, request, from, budget, sink)
    }

    fn list(&self, context: &Context<'_>, request: &ListRequest<'_>) -> Result<Listed, Error> {
        self.directory.list(context, request)
    }

    /// One event for each change that is applied. Of a list that is refused there is one event: that of the change
    /// which was at fault, since nothing came of the others.
    fn apply(&self, context: &Context<'_>, changes: &[Change]) -> Result<Vec<Applied>, Refused> {
        let result = self.directory.apply(context, changes);
        self.applied(context, changes, &result);
        result
    }

    fn apply_to_seen(&self, context: &Context<'_>, seen: &Seen, changes: &[Change]) -> Result<Vec<Applied>, Refused> {
        let result = self.directory.apply_to_seen(context, seen, changes);
        self.applied(context, changes, &result);
        result
    }

    fn compare(&self, context: &Context<'_>, name: &ObjectName, attribute: &str, value: &[u8]) -> Result<bool, Error> {
        self.directory.compare(context, name, attribute, value)
    }

    fn authenticate(&self, context: &Context<'_>, name: &str, password: &Password) -> Authentication {
        match self.directory.authenticate(context, name, password) {
            Authentication::Decided(result) => {
                // Nobody's name without a password asks to be anonymous: that is no sign-in.
                if !(name.is_empty() && password.is_empty()) {
                    self.signed_in(context, name, &result);
                }
                Authentication::Decided(result)
            }
            Authentication::Check(check) => Authentication::Check(check.named(cut_name(name))),
        }
    }

    fn finish(&self, context: &Context<'_>, check: Check, verdict: Verdict) -> Result<Requester, Error> {
        let name = check.name().to_owned();
        let result = self.directory.finish(context, check, verdict);
        self.signed_in(context, &name, &result);
        result
    }

    fn account(&self, context: &Context<'_>, sid: &Sid) -> Result<Requester, Error> {
        self.directory.account(context, sid)
    }

    /// One who succeeds is heard of by the change that follows.
    fn authenticate_for_change(
        &self,
        context: &Context<'_>,
        name: &str,
        password: &Password,
    ) -> Result<Requester, Error> {
        let result = self.directory.authenticate_for_change(context, name, password);
        if result.is_err() {
            self.signed_in(context, name, &result);
        }
        result
    }

    fn sign_in_decided(&self, context: &Context<'_>, name: &str, result: &Result<Requester, Error>) {
        self.directory.sign_in_decided(context, name, result);
        self.signed_in(context, name, result);
    }

    fn change_turned_away(&self, context: &Context<'_>, change: Turned<'_>, error: &Error) {
        self.directory.change_turned_away(context, change, error);
        match change {
            Turned::Change(change) => self.changed(context, change, Err(error)),
            Turned::Unread(action) => self.tell(context, action.clone(), Err(error.clone())),
        }
    }

    fn may_try(&self, context: &Context<'_>) -> bool {
        self.directory.may_try(context)
    }

    fn conceals(&self, attribute: &str) -> bool {
        self.directory.conceals(attribute)
    }

    fn attribute_type(&self, name: &str) -> Option<AttributeType> {
        self.directory.attribute_type(name)
    }

    fn root_dse(&self, context: &Context<'_>, named: &dyn Fn(&str) -> bool) -> Result<Vec<Attribute>, Error> {
        self.directory.root_dse(context, named)
    }

    fn limits(&self) -> Limits {
        self.directory.limits()
    }

    fn tend(&self, now: FileTime) {
        self.directory.tend(now);
    }
}
