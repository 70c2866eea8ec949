//! `SYNO.DirectoryServer.Sync`: the domain's accounts become accounts of the host. Specification section 3.5.4.

pub mod get_task_status;
pub mod update_domain;
