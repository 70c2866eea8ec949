//! Configuration, listeners, drivers, telemetry and shutdown.
