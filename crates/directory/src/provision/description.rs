//! One line on what each default container, user and group is for.

/// What the container with this name is for; none when it goes without saying.
pub(super) fn of_container(name: &str) -> Option<&'static str> {
    find(&CONTAINERS, name)
}

/// What the user or group with this name is for; none when it goes without saying.
pub(super) fn of_principal(name: &str) -> Option<&'static str> {
    find(&PRINCIPALS, name)
}

/// What every domain controller is.
pub(super) const CONTROLLER: &str = "A server of this domain";

fn find(table: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    table.iter().find(|(other, _)| *other == name).map(|(_, text)| *text)
}

const CONTAINERS: [(&str, &str); 14] = [
    ("Builtin", "Groups that every domain has"),
    ("Computers", "Where new computer accounts are made"),
    ("Deleted Objects", "Objects that were deleted"),
    ("Domain Controllers", "Accounts of the servers of this domain"),
    ("ForeignSecurityPrincipals", "Stand-ins for users and groups from elsewhere"),
    ("Keys", "Credentials that are keys"),
    ("LostAndFound", "Objects whose parent is gone"),
    ("LostAndFoundConfig", "Configuration objects whose parent is gone"),
    ("Managed Service Accounts", "Where new service accounts are made"),
    ("NTDS Quotas", "How many objects each may own"),
    ("Program Data", "Where programs keep their own objects"),
    ("System", "Settings of the domain"),
    ("TPM Devices", "Owners of security chips"),
    ("Users", "Where new users and groups are made"),
];

const PRINCIPALS: [(&str, &str); 51] = [
    // Users.
    ("Administrator", "Administers the domain"),
    ("Guest", "For visitors without an account"),
    ("krbtgt", "Holds the keys of the ticket service"),
    ("DefaultAccount", "Managed by the system"),
    // Groups of the domain.
    ("Allowed RODC Password Replication Group", "Passwords may be kept on read-only controllers"),
    ("Cert Publishers", "May publish certificates in the directory"),
    ("Cloneable Domain Controllers", "Domain controllers that may be cloned"),
    ("Denied RODC Password Replication Group", "Passwords are never kept on read-only controllers"),
    ("Domain Admins", "Administer the domain"),
    ("Domain Computers", "All computers of the domain"),
    ("Domain Controllers", "All controllers of the domain"),
    ("Domain Guests", "All guests of the domain"),
    ("Domain Users", "All users of the domain"),
    ("Enterprise Admins", "Administer the forest"),
    ("Enterprise Key Admins", "Manage key credentials in the forest"),
    ("Enterprise Read-only Domain Controllers", "All read-only controllers of the forest"),
    ("Group Policy Creator Owners", "May make and change group policy"),
    ("Key Admins", "Manage key credentials in the domain"),
    ("Protected Users", "Accounts with stricter sign-in"),
    ("RAS and IAS Servers", "Servers that may read users' dial-in settings"),
    ("Read-only Domain Controllers", "All read-only controllers of the domain"),
    ("Schema Admins", "May change the schema"),
    // Builtin groups.
    ("Access Control Assistance Operators", "May ask what access others have"),
    ("Account Operators", "Manage users and groups"),
    ("Administrators", "May do everything"),
    ("Backup Operators", "May read and write any file for backup"),
    ("Certificate Service DCOM Access", "May ask for certificates over the network"),
    ("Cryptographic Operators", "May manage cryptography"),
    ("Distributed COM Users", "May use distributed components"),
    ("Event Log Readers", "May read event logs"),
    ("Guests", "May do little"),
    ("Hyper-V Administrators", "Administer virtual machines"),
    ("IIS_IUSRS", "Identities of web applications"),
    ("Incoming Forest Trust Builders", "May make one-way trusts to this forest"),
    ("Network Configuration Operators", "May change network settings"),
    ("Performance Log Users", "May schedule performance logs"),
    ("Performance Monitor Users", "May watch performance"),
    ("Pre-Windows 2000 Compatible Access", "May read all users and groups"),
    ("Print Operators", "Manage printers"),
    ("RDS Endpoint Servers", "Run sessions and machines of remote desktops"),
    ("RDS Management Servers", "Manage servers of remote desktops"),
    ("RDS Remote Access Servers", "Let remote desktops in from outside"),
    ("Remote Desktop Users", "May sign in from afar"),
    ("Remote Management Users", "May use remote management"),
    ("Replicator", "Copies files between servers"),
    ("Server Operators", "Manage servers"),
    ("Storage Replica Administrators", "Administer storage replicas"),
    ("System Managed Accounts Group", "Accounts that the system manages"),
    ("Terminal Server License Servers", "May update the licences of users"),
    ("Users", "May do ordinary work"),
    ("Windows Authorization Access Group", "May read computed group memberships"),
];
