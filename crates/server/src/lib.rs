//! Configuration, listeners, drivers, telemetry and shutdown.
pub mod certificate;
pub mod clock;
pub mod config;
pub mod data_folder;
pub mod http;
pub mod ldap;
pub mod listener;
pub mod pools;
pub mod shutdown;
pub mod telemetry;
