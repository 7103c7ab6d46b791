//! Every rule that a package is held to, with its stable code. What each means stands in `assets/design/exam-seal.md`.

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// A rule of the format.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule { $($(#[$doc])* $name),* }

        impl Rule {
            /// Every rule, in the order of their codes.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its stable code.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }
        }
    };
}

rules! {
    /// The outer archive is in the strict form.
    OuterForm = "KD-V-01",
    /// It has exactly its three members, in order.
    OuterMembers = "KD-V-02",
    /// Its mimetype.
    OuterType = "KD-V-03",

    /// The envelope is a signature file of its kind.
    EnvelopeForm = "KD-V-10",
    /// The envelope has one signature, by a site key.
    EnvelopeSigner = "KD-V-11",
    /// The envelope's payload.
    EnvelopePayload = "KD-V-12",
    /// The encrypted member is the one that the envelope names.
    EnvelopeContent = "KD-V-13",

    /// A signer's certificate reads and stands alone.
    Certificate = "KD-V-20",
    /// A signature verifies by its certificate's key.
    Signature = "KD-V-21",
    /// A certificate is for the role that signs here.
    Role = "KD-V-22",
    /// A certificate leads to the given root.
    Chain = "KD-V-23",
    /// A certificate was valid at the sealing moment.
    Validity = "KD-V-24",
    /// A certificate keeps the organisation's profile.
    Profile = "KD-V-25",
    /// A certificate is of this site.
    Site = "KD-V-26",
    /// A certificate is not revoked.
    Revoked = "KD-V-27",
    /// Revocation was checked, or the checker said not to.
    RevocationUnchecked = "KD-V-28",

    /// Exactly one site signs the manifest.
    OneSite = "KD-V-30",
    /// At least two proctors sign the manifest.
    TwoProctors = "KD-V-31",
    /// All signers have different keys.
    DifferentKeys = "KD-V-32",
    /// All signers are different people.
    DifferentSubjects = "KD-V-33",
    /// The envelope is signed by the site that signed the manifest.
    SameSite = "KD-V-34",

    /// The encrypted member opens with the given key and is whole.
    Decryption = "KD-V-40",
    /// The inner archive is in the strict form.
    InnerForm = "KD-V-41",
    /// It has exactly its members, in order.
    InnerMembers = "KD-V-42",
    /// Its mimetype.
    InnerType = "KD-V-43",
    /// seal.jws.json is a signature file of its kind, at most 256 KiB.
    SealForm = "KD-V-44",
    /// seal.jws.json is the one that the envelope names.
    SealDigest = "KD-V-45",
    /// The manifest's form.
    ManifestForm = "KD-V-46",
    /// Envelope and manifest agree.
    Agreement = "KD-V-47",
    /// The manifest asks for one site and two proctors.
    SignersRequired = "KD-V-48",
    /// A demo stands under a demo root, and nothing else does.
    Mode = "KD-V-49",
    /// Two or more different recipients.
    Recipients = "KD-V-50",
    /// Sequence and previous package agree with each other.
    Sequence = "KD-V-51",
    /// The package follows the given one.
    After = "KD-V-52",
    /// The given earlier package is itself well formed and signed.
    AfterPackage = "KD-V-53",
    /// It is not an amendment, which this release cannot judge.
    Amendment = "KD-V-54",
    /// It is of the organisation that is asked.
    Organisation = "KD-V-55",

    /// `files` lists what it must.
    FileList = "KD-V-60",
    /// A file has its length.
    FileBytes = "KD-V-61",
    /// A file has its SHA-256.
    FileDigest = "KD-V-62",
    /// A file consists of lines that end with LF.
    FileLines = "KD-V-63",

    /// A seat is in service, nobody else's, and the one that the draw gives.
    Seat = "KD-V-69",
    /// A line of the journal reads.
    JournalLine = "KD-V-70",
    /// A line is of a kind that this release knows.
    UnknownKind = "KD-V-71",
    /// A line stands in its place.
    JournalPlace = "KD-V-72",
    /// The first line of each stream names the session; one stream leads.
    JournalFirst = "KD-V-73",
    /// Sizes of the streams.
    JournalSize = "KD-V-74",
    /// A stream's chain ends at its head.
    DeskHead = "KD-V-75",
    /// A stream's tree has its root.
    DeskRoot = "KD-V-76",
    /// The tree over all lines.
    JournalRoot = "KD-V-77",
    /// The lead desk ends with SealPrepared, and nobody else does.
    Prepared = "KD-V-78",
    /// SealPrepared's frontier is where the streams ended.
    Frontier = "KD-V-79",
    /// The manifest is of the session that was planned.
    Planned = "KD-V-80",
    /// The session was opened at that moment.
    Course = "KD-V-81",
    /// A line of the ledger reads and stands in its place.
    LedgerLine = "KD-V-82",
    /// The ledger's part leads from the plan to the preparation.
    LedgerChain = "KD-V-83",
    /// Nothing in the ledger says that this seal was given up or made before.
    LedgerSeal = "KD-V-84",

    /// The policy reads, and this release can carry it out.
    Policy = "KD-V-85",
    /// The policy is the session's.
    PolicyBinding = "KD-V-86",
    /// Nobody's attendance contradicts itself.
    Attendance = "KD-V-87",
    /// The counts are those of the journal, and balance.
    Counts = "KD-V-88",
    /// A mark is one that rules and policy allow: for somebody who came, in its time, once.
    Mark = "KD-V-89",
    /// Nobody's mark is missing.
    MarkMissing = "KD-V-90",
    /// A result line reads, in its place.
    ResultLine = "KD-V-91",
    /// Results are those that marks and policy give.
    Results = "KD-V-92",
    /// Results are those that the chief derived.
    Derived = "KD-V-93",
    /// Attendance lines are those of the journal.
    AttendanceLines = "KD-V-94",
    /// Incidents are those of the journal.
    Incidents = "KD-V-95",
    /// The tree over the record leaves, salts included.
    RecordsTree = "KD-V-96",
    /// The notices are those that were frozen.
    Notices = "KD-V-97",
    /// A line stands where the session's course allows it.
    Turn = "KD-V-98",
    /// A line is by people whose role may write it.
    Person = "KD-V-99",
}
