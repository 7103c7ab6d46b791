# kaodian texts, English. Same keys and arguments as zh-CN (a test compares them); plain, not literal.

## Words that stand everywhere

mode-demo = DEMO
mode-rehearsal = REHEARSAL
phase-planned = PREPARING
phase-open = CHECK-IN
phase-running = EXAM
phase-scoring = MARKING
phase-closed = CLOSED
phase-closing = SEALING
phase-sealed = SEALED
phase-fault = FAULT
role-chief = chief
role-proctor = proctor
role-assessor = assessor
role-inspector = inspector
role-admin = admin
desk = desk { $desk }
nobody = nobody signed in
tail = ID ..{ $tail }
admission-tail = No. ..{ $tail }

## Header and footer

header-reader = reader
header-scanner = scanner
header-campus = campus
header-journal = journal
word-ok = OK
word-slow = slow
word-lost = LOST
word-none = --
limit-opens = opens in { $left }
limit-start = starts in { $left }
limit-entry = entry ends in { $left }
limit-hand-in = hand-in in { $left }
limit-end = ends in { $left }
limit-start-due = start is due
limit-end-due = end is due
stopped = stopped
saved = { $at } saved as entry { $seq }
too-small = window too small { $w }x{ $h }, at least 80x24
last-verdict = last: { $tag }

## Keys (row 24 and help)

key-help = help
key-home = check-in
key-roster = search
key-scoring = marks
key-menu = menu
key-legend = demo cards
key-lock = lock
key-language = 中文
key-redraw = redraw everything
key-enter = confirm
key-enter-sign-in = sign in
key-enter-back = back
key-enter-save = save
key-enter-close = close session
key-enter-search = open roster
key-enter-choose = choose
key-enter-freeze = freeze
key-enter-sign = sign
key-enter-unlock = unlock
key-back = back
key-back-clear = clear
key-back-close = close
key-back-thaw = stop, thaw
key-up-down = select
key-page = page
key-next-field = next field
key-next-row = next row
key-next-session = next session
key-other-person = other person
key-acknowledge = seen
key-digits-person = person
key-digits-room = room
key-enter-open = open
key-enter-seat = seat
key-filter = filter
key-sideways = left/right
key-all-arrows = arrows
key-move = move
key-missing-only = missing
key-move-seat = move
key-withdraw = withdraw
key-seat-map = seats
key-pending = pending
key-digits-item = item
key-digits-mark = type
key-digits-pin = PIN
key-text-search = to search
key-clear = clear
key-retry = retry
key-retry-failed = retry if failed
key-back-failed = back if failed
key-digits = digits
key-text = type
key-arrows = Up/Down
key-no-function-keys = No F-keys: Ctrl+G, then 1-9 or 0

## Plate tags: bilingual in both locales

tag-ok = [OK] ADMITTED / 请进
tag-late = [LT] LATE, ADMITTED / 迟到，准许进场
tag-already = [=] ALREADY IN / 已签到，不重复记录
tag-refused = [X] NOT ADMITTED / 核验未通过
tag-proctor = [!] PLEASE WAIT / 请稍候，监考老师来帮您
tag-unreadable = [?] PLEASE TRY AGAIN / 没有读到，请再放一次
tag-reading = [..] READING / 读卡中，请别拿开
short-ok = [OK]
short-late = [LT]
short-already = [=]
short-refused = [X]
short-proctor = [!]
short-unreadable = [?]
short-reading = [..]

## Admission codes (rules.md §6): headline, line, and the proctor's next step

adm-01 = Not open yet
adm-01-line = Check-in opens at { $opens }
adm-01-next = the chief opens the session
adm-03 = Session sealed
adm-03-line = Please ask at the site office
adm-03-next = office; amendment only
adm-02 = Session has ended
adm-02-line = Please ask at the site office
adm-02-next = written explanation; incident if disputed
adm-19 = Demo device
adm-19-line = One moment please
adm-19-next = leave the demo, connect the reader
adm-10 = Card not read
adm-10-line = Lift it and lay it flat again
adm-10-next = wipe it and retry; then another desk or the office
adm-11 = Card not recognised
adm-11-line = Please use an identity document
adm-11-next = check its kind; then the office
adm-12 = Document not accepted
adm-12-line = Accepted: { $accepted }
adm-12-next = ask for another document
adm-13 = Identity card please
adm-13-line = A campus card is not proof of identity
adm-13-next = document within a minute; the campus card only finds the row
adm-14 = Identity card please
adm-14-line = A ticket needs a document with it
adm-14-next = document within a minute
adm-15 = Please scan your ticket
adm-15-line = Both are needed today
adm-15-next = ticket within a minute; the office can reprint a lost one
adm-28 = Ticket and document differ
adm-28-line = Please see the staff
adm-28-next = scan their own ticket; a suspected substitute is an incident
adm-16 = Details to be checked
adm-16-line = Please see the staff
adm-16-next = number fails its check: compare by eye; forgery is an incident
adm-17 = Document expired
adm-17-line = Please show another: { $accepted }
adm-17-next = another document, else the office
adm-18 = Details to be checked
adm-18-line = Please see the staff
adm-18-next = not valid yet: check this desk's date first
adm-20 = No registration found
adm-20-line = Please take your document to the office
adm-20-next = search name, old number, permit; else supplementary pack
adm-21 = Another site
adm-21-line = Yours is { $site }
adm-21-next = show the address and call ahead
adm-22 = Not today
adm-22-line = Your date is { $date }
adm-22-next = show the printed plan
adm-23 = Your session is { $session }
adm-23-line = Be at { $room } by { $time }
adm-23-next = direct to the waiting area
adm-24 = Your room is { $room }
adm-24-line = Please check in there
adm-24-next = direct to that room
adm-25 = Several registrations
adm-25-line = Staff are checking
adm-25-next = look at the ticket, choose one row
adm-26 = Checking the name
adm-26-line = One moment
adm-26-next = spelling differs a little: look at document and roster
adm-27 = Name to be checked
adm-27-line = Please see the staff
adm-27-next = names differ: compare each character, ask for a correction
adm-30 = Office first, please
adm-30-line = Staff will explain
adm-30-next = hold: go along to the office; the organisation's paper decides
adm-31 = Registration withdrawn
adm-31-line = Questions: site office
adm-31-next = withdrawn on the roster: confirm with the office
adm-32 = One step left
adm-32-line = Please visit the office first
adm-32-next = papers or fee open: the office clears it, never aloud here
adm-40 = Already checked in
adm-40-line = Seat { $seat }, please go in
adm-40-next = nothing to do
adm-41 = Already checked in
adm-41-line = One moment, staff will look
adm-41-next = in at desk { $desk } { $at }: see the seat; two people, tell the chief
adm-42 = Work handed in
adm-42-line = Thank you for taking part
adm-42-next = if handed in by mistake, tell the chief
adm-51 = You are early
adm-51-line = Doors open at { $opens }
adm-51-next = direct to the waiting area
adm-47 = Checking your record
adm-47-line = One moment
adm-47-next = declared absent; check the person and tell the chief
adm-52 = Entry time has passed
adm-52-line = Please register at the office
adm-52-next = written explanation; explain the resit
adm-62 = Changing your seat
adm-62-line = One moment
adm-62-next = seat out of service: F4, M to a free one, then the card again
adm-60 = Checking your seat
adm-60-line = One moment
adm-60-next = seat is taken: see who sits there, F4, M for one of them, card again
adm-61 = Finding a seat
adm-61-line = One moment
adm-61-next = no free seat here: F4, M to pick one, then the card again
adm-90 = Welcome
adm-90-line = { $room }, seat { $seat }, good luck
adm-90-next = nothing to do
adm-91 = Welcome
adm-91-line = { $room }, seat { $seat }, good luck
adm-91-next = { $minutes } min late, no extra time
refusal-comfort = Please don't worry, staff will help you

## Verdict screen

verdict-room-seat = Room - Seat
verdict-seat = Seat
verdict-room = Room { $room }
verdict-proctor = Proctor: { $next }
verdict-code = Code { $code }
verdict-recorded = Code { $code }   this tap is in the journal and changes nobody's attendance
verdict-repeat = Code { $code }   same card a moment ago, not recorded twice
verdict-back = back in { $left } s

## Device faults and the journal

fault-3101 = No reader port { $port }. Next: plug in the USB, it reconnects
fault-3102 = Reader silent. Next: check power and USB
fault-3103 = May not open { $port }. Next: add the user to group dialout
fault-3104 = { $port } is used by another program. Next: close that one
fault-3105 = Reader unplugged. Next: plug the USB back in, it reconnects by itself
fault-3106 = Reader's security module fails. Next: 10 s without power
fault-3107 = Reader's module is not authorised. Next: use another reader
fault-3110 = No admission number was scanned. Next: scan the ticket's code
fault-3131 = No scanner or campus port { $port }. Next: plug in the USB
fault-3135 = Scanner or campus reader { $port } unplugged. Next: plug it in
await-document = Ticket ..{ $tail } waits for the document: { $left } s
await-ticket = Waiting for the ticket: { $left } s
fault-3108 = { $port } is no serial port. Next: check the port name
fault-9001 = Journal cannot be written, this desk has stopped

## Command refusals, shown to staff only

refusal-t-03 = No absence before entry ends. Next: declare it after { $at }
refusal-t-05 = A second proctor or the chief must enter a PIN. Next: ask that person
refusal-t-06 = Your role may not do this. Next: ask the { $role }
refusal-t-07 = The session is { $state }, this cannot be done. Next: see the menu
refusal-m-01 = More than the maximum { $max }. Next: type 0 to { $max }
refusal-m-02 = The step is { $step }. Next: type a multiple of { $step }
refusal-m-03 = This part has its mark. Next: a correction by the lead assessor
refusal-m-06 = Zero needs a reason. Next: 1 blank work, 2 marked zero
refusal-m-10 = Absent, no mark possible. Next: see the roster
refusal-m-11 = Never admitted, no mark possible. Next: see the roster
refusal-m-12 = Removed, no mark possible. Next: see the roster
refusal-sealing = The session is frozen for its seal. Next: finish the seal, or Esc there
refusal-seat-nobody = nobody of this session has that number. Next: compare the number
refusal-seat-handed-in = work is handed in, the seat stays. Next: see the roster
refusal-seat-none = the room has no such seat. Next: choose one on the map
refusal-seat-taken = somebody has that seat. Next: choose a free one on the map
refusal-seat-out = that seat is out of service. Next: choose a free one
refusal-moved = Something was stored just now. Next: press again
refusal-s-03 = Open conflicts: { $n }. Next: chief and proctor resolve them together
refusal-s-04 = Other desks not signed off: { $n }. Next: sign them off
refusal-s-07 = Nobody is registered in this session: nothing to seal
refusal-s-08-stale = Results are missing or older than a change. Next: derive them in the menu
refusal-s-02 = { $left } is not { $right }, difference { $diff }. Next: record who is missing
refusal-s-08 = { $n } without a mark. Next: enter them, then derive
refusal-pin = Wrong PIN. Next: please type it again
keys-closed = The keys do not open: { $cause }. Next: tell the chief

## 3.1 Unlock

unlock-title = Exam check-in   { $site }
unlock-desk = Desk { $desk }   { $phase }
unlock-who = Who is here? Press a digit
unlock-pin = PIN (6 to 12 digits)
unlock-wrong = Wrong PIN, please type it again
unlock-checking = checking, one moment
unlock-taps = cards are still judged
unlock-taps-wait = locked: cards after a sign-in
unlock-empty = No crew yet. Next: kaodian people add
unlock-demo-pin = demo PIN { $pin }
demo-passphrase = demo passphrase { $passphrase }
tries-left = { $n } tries left
tries-last = the next wrong PIN waits longer
tries-wait = Wait { $s } s before the next PIN

## Lock (F12)

lock-title = Locked
lock-idle = { $n } min without a key
lock-unfinished = Unfinished: { $what } (kept)
lock-switch = Somebody else: Up/Down

## 3.3 Ready

ready-sentence = Place your ID card, lift it after the beep       身份证平放，听到一声响再拿开
ready-lost = Reader not available, please ask a proctor       读卡器暂不可用，请找监考老师
ready-not-open = Check-in is not open yet       签到尚未开放，请在候考区休息
ready-recent = Last three (surname and tail only)
ready-none = no card yet
ready-counts = this desk { $desk }   session { $present } / { $expected }
ready-missing = missing { $missing }  late { $late }  refused { $refused }
ready-limit-at = { $left }  ({ $at })
ready-no-limit = no further limit today
ready-type = type initials or a number to search
ready-search = Search:

## 3.10 Roster

roster-search = Search
roster-hits = { $n } found
roster-total = all { $total }  missing { $missing }
session-title = Session { $no }  { $certificate }  { $start }  { $people } people
roster-col-note = Note
roster-state-open = [!] pending
roster-note-barred = bar
roster-note-withdrawn = wdrn
roster-note-hold = hold
roster-note-resit = resit
roster-elsewhere = { $session } has { $n }: Enter shows that session
roster-how-filter = pending only, not here only, room 03 only; Tab turns
roster-form-name = [name, pinyin]
roster-form-number = [number]
roster-form-seat = [room-seat]
roster-form-unknown = [not understood]
roster-col-no = #
roster-col-name = Name
roster-col-pinyin = Pinyin
roster-col-number = Number
roster-col-tail = ID
roster-col-seat = Seat
roster-col-state = State
roster-state-expected = [..] not here
roster-state-present = [OK] in { $at }
roster-state-late = [LT] late { $at }
roster-state-handed-in = [HI] done { $at }
roster-state-absent = [ABS] absent
roster-none = nobody found. Tried: { $form }
roster-form-plain-name = name in pinyin
roster-form-plain-number = admission number, ID tail
roster-form-plain-seat = room-seat
roster-form-plain-unknown = no form fits
roster-more = { $n } more, one more character narrows it down
roster-how = How to search (no input method needed, recognised by form):
roster-how-initials = initials of the name; both readings of a surname work
roster-how-pinyin = start of the pinyin plus initials
roster-how-number = last 3 or more of the admission number, or last 4 of the ID
roster-how-seat = room - seat
roster-legend = [..]not here [OK]in [LT]late [HI]handed in [ABS]absent
roster-selected = Selected: { $name }   No. { $number }   seat { $seat }

## F10 menu

menu-title = Menu
menu-hint = digit chooses   Esc closes
menu-empty = nothing to do at the moment
menu-open = Open check-in
menu-start = Start the exam
menu-absent = Declare absent (by room)
menu-collect = Collect all work
menu-close = Close the session
menu-marks = Enter marks
menu-derive = Derive results
menu-results = Results
menu-seal = Seal the session
menu-switch = Switch operator
menu-language = Language 语言: 中文
menu-quit = Quit

## Confirmation and forms

confirm-open = Cards are judged from now on. The time goes into the journal
confirm-open-title = Open check-in?
confirm-start = Lateness counts from the effective start; starting early is impossible
confirm-start-title = Start the exam?
confirm-derive = Computes every candidate's composite and outcome by the policy
confirm-derive-title = Derive results?
confirm-collect = Records the { $n } still in room { $room } as handed in, one by one
confirm-collect-title = Collect all work?
confirm-absent = Declares the { $n } missing in room { $room } absent, one by one
confirm-absent-title = Declare absent?
confirm-quit = This desk takes no more cards after quitting
confirm-quit-title = Quit?
confirm-keys = Enter yes   Esc no
confirm-pin = Please type your PIN
confirm-passphrase = Site passphrase
rooms-absent-title = Declare absent: not here after entry ended, room by room
rooms-collect-title = Collect all: still in the room, room by room
rooms-col-room = Room
rooms-col-count = People
rooms-col-seats = Seats
rooms-all-done = every room is done
rooms-line = Room { $room }
rooms-consequence-absent = One journal entry each; undoing one takes chief and proctor
rooms-consequence-collect = One hand-in entry each; nobody re-enters after it

## Close

close-title = Close the session   chief { $chief }
close-balance = Balance
close-left = left
close-right = right
close-b1 = registered { $a } = expected { $b } + void { $c }
close-b2 = expected { $a } = present { $b } + absent { $c }
close-b3 = present { $a } = handed in { $b } + removed { $c }
close-holds = [OK]
close-off = [off { $n }]
close-off-room = Where: room { $room } differs by { $n }
close-blocked = Cannot close yet: { $n } out of balance
close-ready = All three hold, ready to close
close-who = Proctor (second person)
close-pin-chief = Chief's PIN
close-pin-proctor = Proctor's PIN
close-consequence = After closing: no check-in, absence or hand-in; marks can still be entered
close-no-proctor = no proctor can witness

## 3.18 Scoring

scoring-title = Marks: { $part }   assessor { $who }
scoring-range = Maximum { $max }, step { $step }.  Names hidden.  Done { $done } / { $total }
scoring-col-number = Number
scoring-col-seat = Seat
scoring-col-mark = Mark/{ $max }
scoring-col-state = State
scoring-saved = [saved]
scoring-open = [  ]
scoring-typing = typing
scoring-absent = [ABS] absent
scoring-not-in = [--] never admitted
scoring-present = [IN] not handed in
scoring-removed = [STP] removed
scoring-done = every mark of this part is in
scoring-empty = nobody to mark
scoring-half = Over the maximum or off the step: Enter keeps the cell and row 23 says why
scoring-saving = Enter writes the row to the journal; a saved mark is not changed here
scoring-not-number = Type a number, such as { $example }

## 3.20 Results

results-title = Results   { $certificate }
results-rule = { $rule }
results-counts = expected { $expected }  present { $present }  absent { $absent }  removed { $removed }  complete { $complete }
results-current = [derived]
results-stale = [derive again]
results-underived = [not derived]
results-mean = mean
results-median = median
results-min = min
results-max = max
results-sd = st.dev.
results-passed = passed
results-rate = pass rate
results-composite = composite
results-distribution = Composite, by tens
results-outcomes = Outcomes
results-pass = pass { $n }
results-fail = fail { $n }
results-absent = absent { $n }
results-breach = breach { $n }
results-partial = partial { $n }
results-none = No marks yet. Next: F9 to enter them
results-hidden = no names on this screen

## 3.21 to 3.22 Seal: checks, fingerprint, signatures

seal-title = Seal
seal-step-checklist = checks
seal-step-fingerprint = fingerprint
seal-step-first = proctor A
seal-step-second = proctor B
seal-step-seal = seal
seal-mark-good = [OK]
seal-mark-blocked = [STOP]
seal-mark-warning = [LOOK]
seal-mark-seen = [seen]
seal-mark-pending = [..]
seal-unchecked = checking
seal-closed = the session is closed
seal-not-closed = the session is not closed yet
seal-do-closed = close the session in the F10 menu
seal-balanced = all three balances hold
seal-unbalanced = balances that are off: { $n }
seal-do-balance = see below where; undo what was recorded wrongly, add what is missing
seal-conflicts = open conflict tickets: { $n }
seal-do-conflicts = chief and proctor resolve each ticket together
seal-desks = the records of all desks are here
seal-desks-pending = looking at the records of all desks
seal-desks-missing = desks not signed off, or with records missing: { $n }
seal-do-desks = reconnect that desk and sign it off; else fetch its records by USB stick
seal-streams = journal chain and tree verify
seal-streams-pending = verifying journal chain and tree
seal-streams-broken = journal streams that do not verify: { $n }
seal-do-streams = leave the data directory as it is and call the organisation
seal-inside = people still inside: { $n }
seal-do-inside = collect their work one by one or by room; record who was removed
seal-registered = registered in this session: { $n }
seal-do-registered = no candidates, so there is nothing to seal; check the roster
seal-marks = every mark is in
seal-marks-missing = people without a mark: { $n }
seal-do-marks = enter the missing marks with F9
seal-results = results derived, nothing changed since
seal-results-stale = results are missing or older than a change
seal-do-results = derive results in the F10 menu
seal-proctors = proctors who can sign: { $n }
seal-do-proctors = two different people with valid certificates: ask another proctor, or import a new credential bundle
seal-certificate = the site's certificate is valid
seal-certificate-unusable = site certificate missing, expired or of another site
seal-do-certificate = import a new credential bundle: kaodian site enrol
seal-recipients = the recipients' keys are known
seal-recipients-unknown = no recipient's key is known
seal-do-recipients = import the credential bundle again: kaodian site enrol
seal-sealable = policy and program may be used for a real seal
seal-unsealable = a rehearsal, example policy or development build cannot be sealed
seal-do-sealable = this store cannot be sealed; use a live store, a real policy and a release
seal-site-keys = this site has keys to seal with
seal-no-site-keys = this store was made without site keys: it cannot be sealed
seal-do-site-keys = ask the admin to make the site's keys first: kaodian site init
seal-revocations = the revocation list is up to date
seal-revocations-old = the revocation list is past its date
seal-do-revocations = sealing is possible; import a newer credential bundle first if there is one
seal-clock = the clock has a reliable source
seal-clock-attested = clock confirmed by a person, no reliable source
seal-do-clock = look at the wall clock; the time of the seal is this desk's clock
seal-lifts = admitted by a person's decision: { $n } (over 5 %)
seal-do-lifts = for the chief to know; the journal lists each case
seal-do = What to do: { $what }
seal-to = To { $organisation }   working W { $working }   recovery R { $recovery }
seal-consequence = Once frozen, this session takes no change until it is sealed or thawed
seal-blocked = Cannot be sealed yet: { $n } blocked, do what is written above first
seal-unseen = Warnings left: { $n }. W or Space says it was seen; the seal will list it
seal-still-frozen = Frozen already and not sealed. Enter go on sealing   Esc stop and thaw
seal-thaw = Stop sealing and thaw the session? Nothing is lost. Enter stop   Esc no
seal-beside = Closed session { $n } of { $all }: Tab for the next
seal-ask = Freeze this session? No record can be changed then. Enter freeze   Esc no
seal-chief = chief { $chief }
seal-tally = checks { $all }:  good { $good }  warnings { $warnings }  blocked { $blocked }
seal-all-good = nothing to do and no warning
seal-means-frozen = Frozen: nothing more is written to this session. It can be stopped and thawed at any time, nothing is lost.
seal-means-people = Next: copy the fingerprint to paper, two proctors sign with a PIN each, the chief types the site passphrase.
seal-means-readers = Only the organisation named here can open the package; the site itself cannot.
seal-copy = Fingerprint of this session (both proctors copy it to form box 6)
seal-counts = Data  expected { $expected }  present { $present }  absent { $absent }  incidents { $incidents }  lines { $lines }
seal-frozen = frozen { $at }
seal-session = Session  { $session }  { $id }   records { $root }
seal-recipients-short = To  working W { $working }   recovery R { $recovery }
seal-read-back = Check: type two groups, drawn at random, from the paper
seal-group = group { $letter }
seal-read-wrong = [X] differs
seal-read-again = Not the fingerprint: look at the paper, correct it if wrong, type again
seal-pick = Who signs? Press a digit
seal-after-reading = after both groups are right
seal-other-person = after proctor A; it must be another person
seal-until = cert. to { $month }
seal-signed = [OK] { $at } signed
seal-passphrase = passphrase
seal-passphrase-wrong = Wrong site passphrase, please type it again
seal-after-signing = of the site, after both proctors have signed
seal-last-step = The chief or deputy types the site passphrase; Enter starts sealing
seal-no-names = This screen shows counts and the fingerprint, no candidate
seal-stop = Stop sealing and thaw the session?
seal-stop-safe = No data is lost; signatures made are void, it starts again at the checks
seal-stop-keys = Enter stop and thaw   Esc go on sealing
seal-freezing = Freezing and computing the fingerprint
seal-thawed = Sealing stopped, the session is thawed; nothing is lost
seal-is-sealed = { $session } is sealed
seal-fault-sealable = Rehearsals and example policies are not sealed. Next: a live site
seal-fault-site-key = This site has no keys to seal with. Next: the admin makes them
seal-fault-credentials = A certificate is missing, expired or not theirs. Next: enrol
seal-fault-crew = Not a proctor of this session. Next: let another proctor of this session sign
seal-fault-trees = The package differs from the journal. Next: keep the data, report
seal-fault-data-key = The session's data key is closed. Next: restart and sign in
seal-fault-not-prepared = The session is not frozen. Next: seal from the menu again
seal-fault-disk = The disk does not take the package. Next: make room, seal again
seal-fault-unnamed = Sealed, but the package has no name yet. Next: repair the disk, start again
seal-fault-unverified = The package that was written does not verify. Next: seal again
seal-fault-other = Not sealed. Next: seal again; else report this code

## 3.24 Sealing

sealing-title = Sealing, please keep the power on
sealing-stopped = Not sealed
sealing-leave = you may walk away, the screen stays
sealing-1 = freeze the data
sealing-2 = write { $n } files
sealing-3 = trees of results and journal
sealing-4 = 2 proctor signatures
sealing-5 = site signature
sealing-6 = encrypt to the organisation
sealing-7 = write and flush to disk
sealing-8 = open again and verify all
sealing-seconds = { $s } s
sealing-leaves = { $records } and { $lines } leaves
sealing-only-then = only then it is sealed
sealing-failed = [FAILED]
sealing-power = Cannot be interrupted; after a power cut it starts over, nothing is lost
sealing-nothing = Nothing is called sealed; a half-written file is deleted
sealing-safe = The session is still closed, no record and no mark is lost
sealing-give-up = If it cannot be sealed: Esc to the checks, where it can be stopped and thawed
sealing-do-disk = Next: free some disk space, press R to seal again
sealing-do-verification = Next: press R to seal again; else keep the data and call the organisation
sealing-do-keys = Next: check passphrase and certificates, press R to seal again
sealing-do-other = Next: press R to seal again; else report { $code }

## 3.23 Sealed

sealed = [OK] Sealed
sealed-not-real = not a real result
sealed-fingerprint = Fingerprint (same as on paper)
sealed-passed = Verifier: everything passes
sealed-not-passed = Verifier: not everything passes
sealed-site = site signature
sealed-proctors = two proctors
sealed-chain = certificates
sealed-digests = file digests
sealed-trees = chain, trees
sealed-results = results redone
sealed-counts = counts
sealed-again = To ask it again:
sealed-photograph = Proctors: photograph the code above
sealed-no-code = The code does not fit: copy the fingerprint
sealed-proves = It proves: not one character of results or journal changed after the seal; two proctors and the site each signed with a key of their own.
sealed-does-not = It does not prove that marking was fair, or that what was typed before signing is true.

## 3.30 Fault

fault-last = Last saved: entry { $seq }  { $at }
fault-last-none = Nothing has been saved yet
fault-taps = Taps since then are not recorded ({ $n }); please do this:
fault-do-desk = ask candidates to wait, or send them to another working desk
fault-do-paper = note them on the paper sign-in sheet
fault-do-retry = free some disk space, press R to retry; else report { $code }
fault-cause = Cause (for technicians): { $cause }
fault-retrying = opening the journal again

## 3.31 Help

help-title = Help: { $screen }
help-close = Esc or F1 closes
help-here = This screen
help-everywhere = Everywhere
help-taps = Cards are judged on every screen and never disturb what you are typing.
help-codes = A code KD-xxx: write it down and look it up in the handbook.
screen-unlock = sign in
screen-ready = check-in
screen-verdict = verdict
screen-roster = roster
screen-detail = Candidate
screen-seat-map = Seat map
screen-pending = Pending
screen-menu = menu
screen-confirm = confirm
screen-rooms = by room
screen-close = close
screen-scoring = marks
screen-results = results
screen-checklist = seal: checks
screen-sign = seal: sign
screen-sealing = sealing
screen-sealed = sealed
screen-lock = locked
screen-fault = fault
screen-help = help
screen-legend = demo cards

## Demo legend

legend-title = Demo: a digit plays a card
legend-hint = Esc closes
legend-next-card = next identity card
legend-other-session = candidate of another session
legend-not-listed = somebody not in the roster
legend-twice = the same card again
legend-damaged = a damaged read
legend-late = a late candidate
legend-unplug = unplug the reader
legend-plug = plug the reader in
legend-next-step = go to the next limit
legend-yours = The rest is yours: the last marks, closing, deriving results, sealing

# Row 23: what else is told.

nothing-left = Nothing is left to do here
nothing-to-mark = No part can be marked yet. Next: mark after hand-in
awaiting-unlock = This desk is locked, the card was not recorded. Next: sign in
nothing-planned = No roster was imported. Next: ask the admin to import it
refusal-t-01 = No hand-in before { $at }. Next: collect after { $at }
refusal-role = Your role cannot do this. Next: let the right person sign in
refusal-starts-at = The exam starts at { $at }, never early. Next: wait until then
refusal-s-06 = { $n } people are still inside. Next: collect their work
refusal-m-13 = Not handed in yet, no mark can be given. Next: mark after hand-in
session-no = session { $no }
not-recorded = The card was neither judged nor recorded. Next: place it again

## Reader diagnosis: commands and status codes

reader-cmd-reset = reset
reader-cmd-status = self-test
reader-cmd-sam = module number
reader-cmd-find = find card
reader-cmd-select = select card
reader-cmd-read = read text and photo
reader-cmd-fingerprint = read with fingerprints
reader-cmd-all = read additional data
reader-cmd-address = read latest address
reader-cmd-chip = read chip number
reader-cmd-speed = set speed
reader-cmd-radio = set radio frame
reader-sw-90 = done
reader-sw-9f = card found
reader-sw-91 = no such item
reader-sw-10 = bad checksum seen
reader-sw-11 = bad length seen
reader-sw-21 = not supported
reader-sw-23 = not allowed
reader-sw-24 = unidentified error
reader-sw-31 = card rejects module
reader-sw-32 = module rejects card
reader-sw-33 = data check failed
reader-sw-34 = no find before
reader-sw-37 = fingerprint failed
reader-sw-3f = wrong data length
reader-sw-40 = unknown card type
reader-sw-41 = card read failed
reader-sw-47 = random no. failed
reader-sw-4e = unknown command
reader-sw-50 = card write failed
reader-sw-60 = self-test failed
reader-sw-61 = login failed
reader-sw-66 = not authorised
reader-sw-80 = no card
reader-sw-81 = select failed
reader-sw-unknown = unknown status
reader-flaw-length = impossible length
reader-flaw-checksum = wrong checksum
reader-flaw-truncated = frame without end
reader-noise = { $n } bytes, no answer
reader-answers = answers at { $baud }
reader-stops = lost { $code }

## Reader diagnosis: what is likely wrong and what to do

doctor-3101 = No port at { $port }.
doctor-3101-do = Plug in USB and look at the list of ports; a HID device has no port
doctor-3102 = The port opens, the reader does not answer.
doctor-3102-do = Check power and cable; try speeds; is it another port?
doctor-3103 = No permission to open { $port }.
doctor-3103-do = Add this user to the group dialout, then log in again
doctor-3104 = { $port } is in use by another program.
doctor-3104-do = The list of ports says by whom: close it, often a login getty
doctor-3105 = The reader was unplugged.
doctor-3105-do = Plug it in again; it is found within 3 seconds
doctor-3106 = 60 = the module's self-test failed.
doctor-3106-do = Power off for 10 seconds; if it stays, replace the reader
doctor-3107 = 66 = the module is not authorised.
doctor-3107-do = Replace the reader and tell its supplier
doctor-3108 = { $port } is not a serial port.
doctor-3108-do = Pick another one from the list of ports
doctor-3111 = 41 = read failed: lifted too early, or two cards.
doctor-3111-do = 1) Lay it flat for 2 s; 2) another card; 3) after 5 times another reader
doctor-3112 = { $sw3 } = card and reader reject each other.
doctor-3112-do = 1) Lay it flat for 2 s; 2) try another card; 3) else replace the reader
doctor-3113 = Unknown card, or more than one.
doctor-3113-do = Lay down one ID card alone; keep phones and campus cards away
doctor-3114 = Bytes are damaged on the line (checksum).
doctor-3114-do = Use a short USB cable, away from power lines; watch the checksum count
doctor-3115 = { $sw3 } = find, select and read broke off.
doctor-3115-do = Lift the card and lay it flat for 2 s; if it recurs, reset
doctor-3116 = Bytes, but no replies: wrong speed, or no reader.
doctor-3116-do = Try speeds; then try another port
doctor-3117 = It answers at { $found }, the configuration says { $configured }.
doctor-3117-do = Set reader.baud to { $found } in the configuration
doctor-3118 = { $sw3 } = the reader refused a command.
doctor-3118-do = Save the support capture and send it to the supplier
doctor-3119 = A card was found, its read had no answer.
doctor-3119-do = Lay it flat for 2 s; if it recurs, check the cable or replace the reader
doctor-3120 = A reader is on USB, but shows no serial port.
doctor-3120-do = Use a serial model, or ask the supplier how to switch it to a port
doctor-well = The reader is well.
doctor-well-do = Lay down a card for a trial read without check-in
doctor-seeking = Looking for the reader.
doctor-seeking-do = Wait up to 15 seconds
doctor-do = Do: { $text }

## Reader diagnosis: the screen

reader-title = Reader diagnosis
reader-up = up
reader-down = down
reader-unknown = ..
reader-open = open { $time }
reader-col-time = Time
reader-col-way = Way
reader-col-hex = Hexadecimal (card content masked)
reader-col-meaning = Meaning
reader-out = out
reader-in = in
reader-none = Nothing yet
reader-figures = Total  reads { $reads }  ok { $ok }  lifted { $lifted }  checksum { $damaged }  unknown { $unknown }
reader-mean = mean { $s } s
reader-keys = 1 self-test  2 reset  3 speeds  4 port  5 trial read  6 save masked capture
reader-paused = [paused: Space]
reader-trial-wait = Trial read: lay down a card, { $left } s left. Nobody is checked in meanwhile
reader-trial-read = Read, not checked in: { $kind }  { $who }  ID ..{ $tail }
reader-trial-facts = Number { $number }   valid until { $valid }   photo { $photo }
reader-trial-failed = The trial read failed, nobody was checked in. See above
reader-trial-lift = Take the card away. Check-in goes on once it is gone
reader-trial-over = The card is gone, check-in goes on
reader-right = right
reader-wrong = wrong
reader-long-term = long term
reader-unreadable = unreadable
reader-yes = yes
reader-no = no
reader-kind-resident = Resident card
reader-kind-foreigner = Permanent residence card
reader-kind-hmt = HK/Macao/Taiwan residence permit
reader-kind-other = Other document
reader-pick = Which port (until the program ends): Enter chooses, Esc keeps
reader-pick-none = No other serial port was found
reader-access-denied = no permission
reader-access-missing = missing
reader-held-own = in use here
reader-held = in use by { $who }
reader-tested-well = The self-test passed
reader-tested-ill = The self-test had no answer
reader-reset-well = Reset done, the reader is well
reader-reset-ill = The reset was not confirmed
reader-speeds = Speeds with an answer: { $list }
reader-speeds-none = No answer at any speed
reader-asked = Trying; check-in waits a moment
reader-saved = Capture saved: log/{ $file } (masked, for this user alone)
reader-not-saved = The capture was not saved: { $cause }
reader-not-opened = The port was not opened: { $cause }
key-digits-do = act
key-space = Space
key-pause = pause
menu-reader = Reader diagnosis

## Reader diagnosis: on the command line

doctor-no-port = No serial port, and no reader.port in the configuration
doctor-which = Several serial ports: name one with --port
doctor-found = The reader answers at { $baud }, module { $sam }
doctor-lay = Lay down a card for a trial read (no check-in), { $s } s
doctor-no-card = No card was laid down: reading itself was not tried
doctor-read = Trial read: { $kind }, { $ms } ms

## 3.11 detail, 3.13 seat map, 3.32 pending

detail-number = Number
detail-document = Document
detail-tail = ID tail
detail-seat = Seat
detail-note = Note
detail-seat-later = on arrival
detail-no-photo = no photo
detail-history = History
detail-reading = reading the journal
detail-nothing = nothing yet
detail-actions = Actions
detail-move = another seat
detail-show-seat = seat map
detail-via-card = card
detail-via-hand = by hand
detail-admitted = in, desk { $desk }, { $via }
detail-turned-away = not let in, desk { $desk } { $code }
detail-moved = to { $seat } { $why }
detail-handed-in = handed in
detail-absent = declared absent
detail-absent-ill = declared absent, ill
detail-absent-refused = declared absent, refused
seats-came = in
seats-none = no rooms in this session
seats-seat = Seat { $seat }  { $state }
seats-legend = Letters, and this room
seats-empty = empty
seats-expected = expected
seats-present = in
seats-late = late
seats-handed-in = done
seats-absent = absent
seats-open = pending
seats-withdrawn = out
seats-total = { $seats } seats   { $came } in   { $left } not in
seats-below = { $n } more lines below
seats-short = a room is short of spare seats
seats-all-here = all on one screen
seats-moving = Move { $number }
seats-moving-how = go to an empty seat (-)
seats-moving-enter = Enter takes it   Esc stops
seats-why-move = To { $seat }, because:
seats-why-withdraw = { $seat } out of service:
seat-reason-station-fault = station fault
seat-reason-surroundings = surroundings
seat-reason-taken = seat is taken
seat-reason-missat = sat down elsewhere
seat-reason-arrangement = arrangement
seat-reason-order = order in the room
pending-title = Pending: { $n }
pending-none = nothing is pending
pending-how = Enter opens the person; whoever comes in, or is resolved, leaves this list
pending-col-age = Age
pending-col-case = Case
pending-col-who = Who
pending-col-session = Sess
pending-col-desk = Desk
conflict-admitted-twice = conflict: admitted twice
conflict-order = conflict: impossible order
conflict-absent-and-seen = conflict: absent, and seen
conflict-seat-twice = conflict: two on one seat
conflict-roster-drop = conflict: gone from the new roster
conflict-roster-drift = conflict: somebody else on the roster
