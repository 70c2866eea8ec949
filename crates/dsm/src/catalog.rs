//! Every API and every method: the one table that dispatches, and that `SYNO.API.Info` answers from.
//!
//! A new method is a file below `method/` with a `METHOD` in it, and that name in a row here. Specification section 3.1.

use crate::call::Call;
use crate::error_code::Fault;
use crate::method::{
    active_directory, api, directory_server, entry, forgotten_password, health, host, membership, second_factor,
};
use crate::reply::Reply;

/// One API.
pub struct Api {
    /// Its name, compared exactly.
    pub name: &'static str,
    /// The lowest and the highest version.
    pub versions: (u32, u32),
    /// How its errors are numbered.
    pub family: Family,
    /// Values are JSON texts, and announced as such.
    pub takes_json: bool,
    /// Its methods.
    pub methods: &'static [Method],
}

/// One method of an API.
pub struct Method {
    /// Its name in the canonical spelling; matched in any case when no other has it exactly.
    pub name: &'static str,
    /// The lowest version that has it; every higher one has it too.
    pub since: u32,
    /// Who may call it.
    pub privilege: Privilege,
    /// What it does.
    pub run: Run,
}

/// What a method does with a call.
pub type Run = fn(&Call<'_>) -> Result<Reply, Fault>;

/// Who may call a method. Specification section 1.11.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privilege {
    /// Everybody, without a session.
    Anyone,
    /// Whoever has signed in.
    User,
    /// An administrator.
    Administrator,
}

/// How the errors of an API are numbered. Specification section 1.9.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// `SYNO.API.*`.
    Api,
    /// `SYNO.Entry.Request*`.
    Entry,
    /// `SYNO.ActiveDirectory.*`.
    ActiveDirectory,
    /// `SYNO.DirectoryServer.*`.
    DirectoryServer,
    /// `SYNO.Core.User*` and `SYNO.Core.NormalUser*`.
    CoreUser,
    /// `SYNO.Core.Group*`.
    CoreGroup,
    /// `SYNO.Core.Directory.*`.
    CoreDirectory,
    /// `SYNO.Auth.ForgotPwd`.
    ForgotPassword,
    /// Anything else.
    Other,
}

macro_rules! catalog {
    ($($name:literal $low:literal - $high:literal $family:ident $(($json:ident))? [$($method:path),* $(,)?];)*) => {
        /// Every API, in the order of names.
        pub const CATALOG: &[Api] = &[$(Api {
            name: $name,
            versions: ($low, $high),
            family: Family::$family,
            takes_json: true $(&& stringify!($json).is_empty())?,
            methods: &[$($method),*],
        }),*];
    };
}

catalog! {
    "SYNO.API.Auth" 1-7 Api (raw) [api::auth::login::METHOD, api::auth::logout::METHOD];
    "SYNO.API.Auth.Type" 1-1 Api [api::auth_type::METHOD];
    "SYNO.API.Auth.UIConfig" 1-1 Api [api::ui_config::METHOD];
    "SYNO.API.Encryption" 1-1 Api [api::encryption::METHOD];
    "SYNO.API.Info" 1-1 Api [api::info::METHOD];
    "SYNO.ActiveDirectory.Directory" 1-3 ActiveDirectory [
        active_directory::directory::list::METHOD, active_directory::directory::delete::METHOD];
    "SYNO.ActiveDirectory.Group" 1-2 ActiveDirectory [
        active_directory::group::create::METHOD, active_directory::group::conflict::METHOD];
    "SYNO.ActiveDirectory.Group.Member" 1-2 ActiveDirectory [active_directory::group::member::add::METHOD];
    "SYNO.ActiveDirectory.Info" 1-3 ActiveDirectory [active_directory::info::METHOD];
    "SYNO.ActiveDirectory.Polling" 1-1 ActiveDirectory [active_directory::polling::METHOD];
    "SYNO.ActiveDirectory.User" 1-2 ActiveDirectory [
        active_directory::user::create::METHOD, active_directory::user::set::METHOD];
    "SYNO.Auth.ForgotPwd" 1-1 ForgotPassword [
        forgotten_password::send::METHOD, forgotten_password::get::METHOD, forgotten_password::reset::METHOD];
    "SYNO.Core.Directory.Domain" 1-3 CoreDirectory [
        membership::domain::get::METHOD, membership::domain::get_db_status::METHOD,
        membership::domain::get_domain_list::METHOD, membership::domain::list_candidate_ou::METHOD,
        membership::domain::set_password::METHOD, membership::domain::update_start::METHOD,
        membership::domain::update_status::METHOD, membership::domain::update_stop::METHOD];
    "SYNO.Core.Directory.Domain.Schedule" 1-1 CoreDirectory [
        membership::schedule::get::METHOD, membership::schedule::set::METHOD];
    "SYNO.Core.Directory.LDAP" 1-2 CoreDirectory [membership::ldap::get::METHOD];
    "SYNO.Core.Directory.LDAP.BaseDN" 1-1 CoreDirectory [
        membership::ldap::base_dn::list::METHOD, membership::ldap::base_dn::get::METHOD,
        membership::ldap::base_dn::set::METHOD];
    "SYNO.Core.Directory.LDAP.Login.Notify" 1-1 CoreDirectory [
        membership::ldap::login_notify::get::METHOD, membership::ldap::login_notify::set::METHOD,
        membership::ldap::login_notify::check::METHOD];
    "SYNO.Core.Directory.LDAP.Profile" 1-1 CoreDirectory [
        membership::ldap::profile::list::METHOD, membership::ldap::profile::get::METHOD,
        membership::ldap::profile::set::METHOD];
    "SYNO.Core.Directory.LDAP.Refresh" 1-1 CoreDirectory [
        membership::ldap::refresh::START, membership::ldap::refresh::SET, membership::ldap::refresh::GET_STATUS,
        membership::ldap::refresh::GET];
    "SYNO.Core.Directory.LDAP.User" 1-1 CoreDirectory [
        membership::ldap::user::list::METHOD, membership::ldap::user::get::METHOD,
        membership::ldap::user::set::METHOD, membership::ldap::user::set_pwd::METHOD];
    "SYNO.Core.DirectoryServiceCheck.Common" 1-2 Other [health::COMMON];
    "SYNO.Core.DirectoryServiceCheck.Domain" 1-1 Other [health::DOMAIN];
    "SYNO.Core.DirectoryServiceCheck.DomainService" 1-1 Other [health::DOMAIN_SERVICE];
    "SYNO.Core.DirectoryServiceCheck.LDAP" 1-1 Other [health::LDAP];
    "SYNO.Core.Group" 1-1 CoreGroup [
        host::group::list::METHOD, host::group::get::METHOD, host::group::create::METHOD, host::group::set::METHOD,
        host::group::delete::METHOD, host::admin_check::METHOD];
    "SYNO.Core.Group.Member" 1-1 CoreGroup [
        host::group_member::list::METHOD, host::group_member::change::METHOD, host::group_member::add::METHOD,
        host::group_member::remove::METHOD, host::admin_check::METHOD];
    "SYNO.Core.Group.ValidLocalAdmin" 1-1 CoreGroup [host::valid_local_admin::METHOD];
    "SYNO.Core.NormalUser" 1-2 CoreUser [host::normal_user::get::METHOD, host::normal_user::set::METHOD];
    "SYNO.Core.OTP" 1-2 Other [
        second_factor::get::METHOD, second_factor::get_qrcode::METHOD, second_factor::auth_tmp_code::METHOD,
        second_factor::reset::METHOD];
    "SYNO.Core.OTP.EnforcePolicy" 1-1 Other [
        second_factor::policy::get::METHOD, second_factor::policy::set::METHOD];
    "SYNO.Core.User" 1-1 CoreUser [
        host::user::list::METHOD, host::user::get::METHOD, host::user::create::METHOD, host::user::set::METHOD,
        host::user::delete::METHOD];
    "SYNO.Core.User.Group" 1-1 CoreUser [
        host::user_group::join::METHOD, host::user_group::join_status::METHOD, host::user_group::get::METHOD,
        host::user_group::join_stop::METHOD, host::user_group::join_list::METHOD];
    "SYNO.Core.User.PasswordConfirm" 1-2 CoreUser [host::password_confirm::METHOD];
    "SYNO.Core.User.PasswordExpiry" 1-1 CoreUser [
        host::password_expiry::get::METHOD, host::password_expiry::set::METHOD];
    "SYNO.Core.User.PasswordMeter" 1-1 CoreUser [host::password_meter::METHOD];
    "SYNO.Core.User.PasswordPolicy" 1-1 CoreUser [
        host::password_policy::get::METHOD, host::password_policy::set::METHOD,
        host::password_policy::check::METHOD];
    "SYNO.Core.User.UsernamePolicy" 1-1 CoreUser [
        host::username_policy::LIST, host::username_policy::GET];
    "SYNO.DirectoryServer.Domain" 1-1 DirectoryServer [
        directory_server::domain::get_info::METHOD, directory_server::domain::list::METHOD];
    "SYNO.DirectoryServer.Group" 1-1 DirectoryServer [
        directory_server::group::create::METHOD, directory_server::group::add_member::METHOD,
        directory_server::group::remove_member::METHOD, directory_server::group::delete::METHOD];
    "SYNO.DirectoryServer.Sync" 1-1 DirectoryServer [
        directory_server::sync::update_domain::METHOD, directory_server::sync::get_task_status::METHOD];
    "SYNO.DirectoryServer.User" 1-1 DirectoryServer [
        directory_server::user::create::METHOD, directory_server::user::reset_password::METHOD,
        directory_server::user::change_password::METHOD, directory_server::user::modify::METHOD,
        directory_server::user::delete::METHOD];
    "SYNO.Entry.Request" 1-2 Entry [entry::request::METHOD];
    "SYNO.Entry.Request.Polling" 1-1 Entry [entry::polling::status::METHOD, entry::polling::list::METHOD,
        entry::polling::stop::METHOD];
}

/// Finds an API by its exact name.
pub fn find(name: &str) -> Option<&'static Api> {
    CATALOG.iter().find(|api| api.name == name)
}

impl Api {
    /// Whether it has the version.
    pub fn has_version(&self, version: u32) -> bool {
        (self.versions.0..=self.versions.1).contains(&version)
    }

    /// The method of this name at a version: spelled exactly, or else in any case.
    pub fn method(&self, name: &str, version: u32) -> Option<&'static Method> {
        let there = || self.methods.iter().filter(|method| method.since <= version);
        there()
            .find(|method| method.name == name)
            .or_else(|| there().find(|method| method.name.eq_ignore_ascii_case(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_order_and_unique() {
        assert!(CATALOG.windows(2).all(|pair| pair[0].name < pair[1].name));
        for api in CATALOG {
            for method in api.methods {
                assert!(api.has_version(method.since), "{} {}", api.name, method.name);
                let same = api.methods.iter().filter(|other| other.name.eq_ignore_ascii_case(method.name));
                assert_eq!(same.count(), 1, "{} {}", api.name, method.name);
            }
        }
    }

    #[test]
    fn only_the_sign_in_takes_values_as_they_are() {
        let raw: Vec<_> = CATALOG.iter().filter(|api| !api.takes_json).map(|api| api.name).collect();
        assert_eq!(raw, ["SYNO.API.Auth"]);
    }

    #[test]
    fn a_method_is_there_from_its_first_version_on_and_in_any_case() {
        let user = find("SYNO.ActiveDirectory.User").unwrap();
        assert!(user.method("set", 2).is_some() && user.method("set", 1).is_none());
        assert!(user.method("CREATE", 2).is_some());
        assert!(find("syno.activedirectory.user").is_none());
    }
}
