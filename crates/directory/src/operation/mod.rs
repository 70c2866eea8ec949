//! One file per operation of the port. An operation calls rules in order; a rule never starts an operation.

pub(crate) mod add;
pub(crate) mod apply;
pub(crate) mod authenticate;
pub(crate) mod compare;
pub(crate) mod conceal;
pub(crate) mod delete;
pub(crate) mod foreign_principal;
pub(crate) mod list;
pub(crate) mod logon;
pub(crate) mod modify;
pub(crate) mod password;
pub(crate) mod present;
pub(crate) mod rename;
pub(crate) mod rid_pool;
pub(crate) mod root_dse;
pub(crate) mod search;
pub(crate) mod sign_in_name;
pub(crate) mod target;
