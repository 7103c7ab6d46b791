#!/usr/bin/env bash
# Checks a sealed package of kaodian with openssl, age, jq, unzip, sha256sum and basenc: nothing of ours runs here.
# 用通用工具核验封存包，不运行本软件的任何程序。
#
#   verify.sh PACKAGE.ekseal ROOT.pem CRL.pem IDENTITY.age [ORG.toml]
#
# ROOT.pem is the organisation's root, got from the organisation and not from the site; CRL.pem its newest revocation list;
# IDENTITY.age its age identity; ORG.toml names its id and the arc of its role numbers (beside ROOT.pem if not given, else the
# demo's arc, and the id is not compared).
# ROOT.pem 须由评价组织直接提供，不可取自考点；CRL.pem 为最新吊销列表；IDENTITY.age 为解密身份；ORG.toml 载明机构代码和角色 OID 前缀。
#
# Exit: 0 verified; 1 refused, with the reason; 2 usage; 3 a tool or file is missing.
# 退出码：0 通过；1 不通过并说明原因；2 用法错误；3 缺少工具或文件。
# KAODIAN_SKIP_CHAIN=1 leaves out the journal chain: two processes a line, minutes for 5,000 candidates. 可跳过日志链。
#
# NOT checked here, `kaodian verify` does it 此脚本不核对：
#   - that marks in the journal, composites, outcomes, counts, attendance and incident lines agree with one another and the policy
#     日志中的成绩、合成分、结论、人数、考勤与异常记录之间以及与考试方案是否一致；
#   - that each line could follow those before it, and was by somebody who may 日志各步的次序与经办人权限；
#   - the trees (journal, desks, records) and salts 默克尔树与盐值；   - the members of journal and ledger lines 日志各行的字段；
#   - header bytes of the inner archive (its members are checked) 内层压缩包的头部字节；
#   - `previous`: whether the package before it is the one you have 前一封存包是否就是你手中的那一份。
# The decrypted files hold personal data. They lie in a private directory below TMPDIR and are removed at the end.
# 解密内容含个人信息，只存放在 TMPDIR 下的私有临时目录，结束时删除。
#
# shellcheck disable=SC2016 # the dollar signs in filters are jq's
# shellcheck disable=SC2015 # A && B || refuse: whichever fails, refuse
set -euo pipefail
export LC_ALL=C OPENSSL_CONF=/dev/null
unset CDPATH UNZIP ZIPINFO
umask 077

readonly MOST_PACKAGE=$((256 << 20)) MOST_SIGNED=$((256 << 10)) MOST_INSIDE=$((512 << 20)) MOST_SIGNERS=16
readonly DEMO_ARC=1.3.6.1.4.1.32473.1
readonly FILES="attendance.jsonl incidents.jsonl journal.jsonl ledger.jsonl policy.toml results.jsonl"

refuse() {
  printf 'refused 不通过: %s\n' "$1" >&2
  exit 1
}
stop() {
  printf 'verify.sh: %s\n' "$2" >&2
  exit "$1"
}

[[ $# -eq 4 || $# -eq 5 ]] || stop 2 "usage 用法: verify.sh PACKAGE.ekseal ROOT.pem CRL.pem IDENTITY.age [ORG.toml]"
for tool in openssl age jq unzip sha256sum basenc; do
  command -v "$tool" >/dev/null || stop 3 "$tool is missing 缺少工具 $tool"
done
for file in "$@"; do
  [[ -f $file && -r $file ]] || stop 3 "expected a readable file, found none 文件不可读: $file"
done

# Everything works on private copies with names of our own, so that no name or later change from outside matters.
# 全程使用私有副本和自定文件名，外部文件名与后续改动都不起作用。
w=$(mktemp -d "${TMPDIR:-/tmp}/kaodian-verify.XXXXXXXXXX")
trap 'rm -rf -- "$w"' EXIT
trap 'exit 3' HUP INT TERM
mkdir "$w/in"
[[ $(stat -Lc %s -- "$1") -le $MOST_PACKAGE ]] || refuse "expected a package of at most $MOST_PACKAGE bytes, found a longer one"
cp -- "$1" "$w/package"
cp -- "$2" "$w/given.pem"
cp -- "$3" "$w/given.crl"
cp -- "$4" "$w/identity"
org=${5:-$(dirname -- "$2")/org.toml}

# ---- small tools 小工具 ----------------------------------------------------------------------------------------------

size() { stat -c %s -- "$1"; }
digest() { sha256sum <"$1" | cut -d ' ' -f 1; }
hex() { basenc --base16 -w 0 "$1"; }

# member ARCHIVE NAME MOST OUT: one member, whole, at most MOST bytes of it. A wrong CRC fails too.
# 取出一个成员，最多 MOST 字节；CRC 不符亦失败。
member() {
  unzip -P '' -p "$1" "$2" 2>/dev/null </dev/null | head -c "$(($3 + 1))" >"$4" ||
    refuse "$2: expected a whole member of at most $3 bytes, found another"
  [[ $(size "$4") -le $3 ]] || refuse "$2: expected at most $3 bytes, found more"
}

# canonical FILE: one JSON object in the only spelling of RFC 8785, whose numbers are integers up to 2^53-1. So no member
# stands twice, and every program reads the same. 唯一写法的 JSON（RFC 8785）：无重复成员、无小数。
canonical() {
  jq -cSn '[inputs] | if length == 1 and (.[0] | type) == "object"
    and all(.. | numbers; fabs <= 9007199254740991 and (tojson | test("\\A(0|-?[1-9][0-9]*)\\z")))
    then .[0] else error("") end' "$1" 2>/dev/null | head -c -1 | cmp -s - "$1"
}

# holds FILE FILTER [jq arguments]: the filter's answer is true.
holds() { jq -e "${@:3}" "$2" "$1" >/dev/null 2>&1; }

# values TYPE FILE FILTER PATTERN: the filter's list on one line, each value of this type and matching as a whole. Nothing else
# of a package ever becomes text of this script. 只取类型相符、完全匹配的值，空格分隔；包内其他内容不会成为脚本文本。
values() {
  jq -er --arg type "$1" --arg pattern "\\A($4)\\z" \
    "$3 | if all(.[]; type == \$type and (tostring | test(\$pattern))) then map(tostring) | join(\" \") else empty end" \
    "$2" 2>/dev/null || refuse "${2##*/}: expected $3 in its form, found another"
}

# plain FILE OUT: base64url without padding, spare bits or line breaks; written again it is the same. base64url 解码，写法唯一。
plain() {
  local padding
  case $(($(size "$1") % 4)) in 0) padding='' ;; 2) padding='==' ;; 3) padding='=' ;; *) return 1 ;; esac
  { cat "$1" && printf %s "$padding"; } | basenc --base64url -d >"$2" 2>/dev/null &&
    basenc --base64url -w 0 "$2" | tr -d = | cmp -s - "$1"
}

# le BYTES NUMBER: little-endian, in base 16.
le() {
  local n=$2 out='' i
  for ((i = 0; i < $1; i++)); do
    out+=$(printf %02X $((n & 255)))
    n=$((n >> 8))
  done
  printf %s "$out"
}

# ---- the root 根证书 -------------------------------------------------------------------------------------------------

[[ $(grep -c -e '-----BEGIN' "$w/given.pem") -eq 1 ]] || refuse "root: expected one certificate in the file, found none or several"
openssl x509 -in "$w/given.pem" -out "$w/root.pem" 2>/dev/null || refuse "root: expected a PEM certificate, found another file"

# subject PEM: one part of the name a line, control characters escaped. 主体名称，每行一项。
subject() { openssl x509 -in "$1" -noout -subject -nameopt sep_multiline,sname,utf8,esc_ctrl,esc_msb | sed '1d; s/^ *//'; }

demo=false
subject "$w/root.pem" >"$w/root.subject"
if grep -qx 'OU=DEMO' "$w/root.subject"; then
  demo=true
  printf 'DEMO 演示: this root is a throw-away one; the package proves nothing 根证书为演示用，封存包不作为凭证\n'
fi

arc=$DEMO_ARC org_id=''
if [[ -f $org ]]; then
  org_id=$(sed -nE 's/^[[:space:]]*org[[:space:]]*=[[:space:]]*"([^"]*)"[[:space:]]*(#.*)?$/\1/p' "$org")
  [[ $org_id =~ ^[0-9A-Z][0-9A-Z-]{2,15}$ ]] || stop 3 "expected one line org = \"EX-ORG-A\", found another: $org"
  arc=$(sed -nE 's/^[[:space:]]*arc[[:space:]]*=[[:space:]]*"([^"]*)"[[:space:]]*(#.*)?$/\1/p' "$org")
  [[ $arc =~ ^[0-2](\.(0|[1-9][0-9]{0,9})){1,15}$ ]] || stop 3 "expected one line arc = \"1.3.…\", found another: $org"
fi

# ---- the revocation list 吊销列表 ------------------------------------------------------------------------------------

# Its signature is checked against the root; its age is shown and not judged. A list for some certificates only is refused.
# 由根证书验签；列表新旧只显示，不作判断。增量或部分列表不接受。
openssl crl -in "$w/given.crl" -out "$w/crl.pem" 2>/dev/null || refuse "CRL: expected a PEM revocation list, found another file"
[[ $(openssl crl -in "$w/crl.pem" -CAfile "$w/root.pem" -no-CApath -no-CAstore -noout -verify 2>&1) == "verify OK" ]] ||
  refuse "CRL: expected a list signed by the root, found another"
openssl crl -in "$w/crl.pem" -noout -text >"$w/crl.txt"
! grep -qi critical "$w/crl.txt" || refuse "CRL: expected a complete list of the root, found one with critical extensions"

# revoked SERIAL SEALED_AT: prints why the two-step rule rejects the certificate; nothing when it does not. Compromise of the
# key, or no reason, rejects whatever the date; every other reason from its date on.
# 两步规则：密钥泄露或未注明原因，无论日期一律不认；其他原因自吊销日起不认。
revoked() {
  awk -v serial="$1" '
    function flush() { if (hit && date != "") print date "|" reason }
    /^    Signature Algorithm:/ { flush(); hit = 0 }
    /^ *Serial Number: / { flush(); hit = ($3 "" == serial ""); date = reason = ""; next }
    hit && /Revocation Date: / { sub(/^ *Revocation Date: /, ""); date = $0; next }
    hit && /CRL Reason Code:/ { getline; gsub(/^ +| +$/, ""); reason = $0 }
    END { flush() }' "$w/crl.txt" | while IFS='|' read -r date reason; do
    at=$(date -u -d "$date" +%s) || at=0
    case $reason in
      '' | Unspecified | 'Key Compromise') printf 'revoked, reason %s: void at any date\n' "${reason:-none}" ;;
      *) [[ $at -gt $2 ]] || printf 'revoked before sealing, reason %s\n' "$reason" ;;
    esac
  done
}

# ---- signature files 签名文件 ----------------------------------------------------------------------------------------

# open_jws FILE TYP: form of the file, its payload to FILE.payload. 签名文件的格式，载荷写入 FILE.payload。
open_jws() {
  canonical "$1" || refuse "${1##*/}: expected canonical JSON, found another text"
  holds "$1" '
    def text(p): type == "string" and test("\\A" + p + "\\z");
    keys == ["payload", "signatures"] and (.payload | text("[A-Za-z0-9_-]+"))
    and (.signatures | type == "array" and length >= 1 and length <= $most and all(.[];
      type == "object" and keys == ["header", "protected", "signature"]
      and (.header | type == "object" and keys == ["x5c"])
      and (.header.x5c | type == "array" and length == 1 and (.[0] | text("[A-Za-z0-9+/]+=?=?")))
      and (.protected | text("[A-Za-z0-9_-]+")) and (.signature | text("[A-Za-z0-9_-]{86}"))))' \
    --argjson most "$MOST_SIGNERS" || refuse "${1##*/}: expected the members of a signature file, found others"
  jq -j .payload "$1" >"$1.payload.text"
  plain "$1.payload.text" "$1.payload" || refuse "${1##*/}: expected strict base64url as payload, found another text"
  canonical "$1.payload" || refuse "${1##*/}: expected canonical JSON as payload, found another text"
}

# check_entry FILE N TYP SITE SEALED_AT: one signature, alone. Sets role; leaves S.pem, S.spki, S.subject with S=FILE.N.
# Libraries that are asked for the whole file may be content with the first good signature.
# 逐个核验每一签名；许多程序库遇到第一个有效签名即返回成功，故须逐一核对。
check_entry() {
  local s="$1.$2" where="${1##*/} signature $(($2 + 1))" found alg typ thumbprint protected signature x5c spki oid serial
  found=$(values string "$1" ".signatures[$2] | [.protected, .signature, .header.x5c[0]]" '[A-Za-z0-9+/=_-]+')
  read -r protected signature x5c <<<"$found"
  printf %s "$protected" >"$s.protected.text"
  printf %s "$signature" >"$s.text"
  printf %s "$x5c" >"$s.x5c"
  { printf %s. "$protected" && cat "$1.payload.text"; } >"$s.input"
  plain "$s.protected.text" "$s.protected" && canonical "$s.protected" &&
    holds "$s.protected" 'keys == ["alg", "typ", "x5t#S256"]' ||
    refuse "$where: expected a protected header of alg, typ and x5t#S256, found another"
  found=$(values string "$s.protected" '[.alg, .typ, ."x5t#S256"]' '[A-Za-z0-9+_-]+')
  read -r alg typ thumbprint <<<"$found"
  [[ $typ == "$3" ]] || refuse "$where: expected typ $3, found another kind of file"
  plain "$s.text" "$s.sig" || refuse "$where: expected strict base64url, found another text"

  # The certificate beside the signature is the one that the protected header names. 证书须与受保护头中的指纹一致。
  { base64 -d "$s.x5c" >"$s.der" && base64 -w 0 "$s.der" | cmp -s - "$s.x5c"; } 2>/dev/null ||
    refuse "$where: expected canonical base64 in x5c, found another text"
  { openssl x509 -inform DER -in "$s.der" -out "$s.pem" && openssl x509 -in "$s.pem" -outform DER | cmp -s - "$s.der"; } \
    2>/dev/null || refuse "$where: expected one certificate in x5c, found another file"
  [[ $thumbprint == "$(openssl dgst -sha256 -binary "$s.der" | basenc --base64url -w 0 | tr -d =)" ]] ||
    refuse "$where: expected x5t#S256 of the certificate in x5c, found another digest"

  # The algorithm must be that of the key: Ed25519, or P-256 whose r and s are put into DER first.
  # 算法须与公钥相符：Ed25519；或 P-256，先把 r、s 转为 DER。
  openssl x509 -in "$s.pem" -noout -pubkey >"$s.pub" 2>/dev/null &&
    openssl pkey -pubin -in "$s.pub" -outform DER -out "$s.spki" 2>/dev/null ||
    refuse "$where: expected a public key of Ed25519 or P-256, found another"
  spki=$(hex "$s.spki")
  case $alg:$spki in
    EdDSA:302A300506032B6570032100* | Ed25519:302A300506032B6570032100*)
      openssl pkeyutl -verify -rawin -pubin -inkey "$s.pub" -in "$s.input" -sigfile "$s.sig" >/dev/null 2>&1 ||
        refuse "$where: expected a signature by the certificate's key, found another"
      ;;
    ES256:3059301306072A8648CE3D020106082A8648CE3D03010703420004*)
      found=$(hex "$s.sig")
      printf 'asn1=SEQUENCE:sig\n[sig]\nr=INTEGER:0x%s\ns=INTEGER:0x%s\n' "${found:0:64}" "${found:64}" >"$s.conf"
      openssl asn1parse -genconf "$s.conf" -noout -out "$s.sig.der" >/dev/null 2>&1 &&
        openssl dgst -sha256 -verify "$s.pub" -signature "$s.sig.der" "$s.input" >/dev/null 2>&1 ||
        refuse "$where: expected a signature by the certificate's key, found another"
      ;;
    *) refuse "$where: expected EdDSA by an Ed25519 key or ES256 by a P-256 key, found another" ;;
  esac

  # Role: exactly one extended key usage, the site's (.1) or a proctor's (.2). 角色：仅有一个扩展用途，考点 .1 或监考 .2。
  oid=$(openssl x509 -in "$s.pem" -noout -ext extendedKeyUsage 2>/dev/null | sed '1d; s/^ *//')
  case $oid in
    "$arc.1") role=site ;;
    "$arc.2") role=proctor ;;
    *) refuse "$where: expected a certificate for the role site or proctor, found another" ;;
  esac

  # Step one: directly below the root at the sealing moment, without a list. 第一步：封存时刻证书链有效（不看吊销列表）。
  if ! found=$(openssl verify -CAfile "$w/root.pem" -no-CApath -no-CAstore -x509_strict -attime "$5" "$s.pem" 2>&1); then
    found=$(sed -nE 's/.*error ([0-9]+ at [0-9]+ depth lookup: [A-Za-z0-9 ,()-]+).*/\1/p' <<<"$found" | head -n 1)
    refuse "$where: expected a certificate of this root, valid at the sealing moment, found ${found:-another}"
  fi
  openssl x509 -in "$s.pem" -noout -ext basicConstraints,keyUsage 2>/dev/null >"$s.ext"
  grep -q 'CA:FALSE' "$s.ext" && grep -q 'Digital Signature' "$s.ext" ||
    refuse "$where: expected CA:FALSE and digitalSignature in the certificate, found others"

  # Step two: the newest list is asked for the serial number. 第二步：在最新吊销列表中查序列号。
  serial=$(openssl x509 -in "$s.pem" -noout -serial)
  found=$(revoked "${serial#serial=}" "$5")
  [[ -z $found ]] || refuse "$where: expected a certificate that is not revoked, found one ${found%%$'\n'*}"

  # Whose: the organisational unit is this site, and a site's common name too. 归属：OU 须为本考点；考点证书的 CN 亦然。
  subject "$s.pem" >"$s.subject"
  [[ $(grep -c '^OU=' "$s.subject") -eq 1 ]] && grep -qx "OU=$4" "$s.subject" ||
    refuse "$where: expected a certificate with OU=$4, found another site's"
  [[ $(grep -c '^CN=' "$s.subject") -eq 1 ]] && { [[ $role == proctor ]] || grep -qx "CN=$4" "$s.subject"; } ||
    refuse "$where: expected a certificate with one CN, for a site $4, found another"
}

# ---- outer archive 外层 ----------------------------------------------------------------------------------------------

names=$(unzip -Z1 "$w/package" 2>/dev/null </dev/null | head -n 9) || names=''
[[ $names == $'mimetype\nenvelope.jws.json\nsealed.zip.age' ]] ||
  refuse "package: expected the members mimetype, envelope.jws.json, sealed.zip.age in this order, found others"
member "$w/package" mimetype 64 "$w/mimetype"
member "$w/package" envelope.jws.json "$MOST_SIGNED" "$w/envelope.jws.json"
member "$w/package" sealed.zip.age "$MOST_PACKAGE" "$w/sealed.zip.age"
[[ $(hex "$w/mimetype") == $(printf 'application/vnd.kaodian.exam-seal-package+zip' | basenc --base16 -w 0) ]] ||
  refuse "package: expected the mimetype of a package, found another"

# Built again from its members it is the same file: no header bit is free. The CRCs, which unzip has just checked, are taken
# from the file. 由三个成员重建，须与原文件逐字节相同（CRC 取自文件，unzip 已核对）。
rebuild() {
  local at=0 central='' name common length
  for name in mimetype envelope.jws.json sealed.zip.age; do
    length=$(size "$w/$name")
    # needed 1.0, no flags, stored, 1980-01-01, CRC, both sizes, length of the name, no extra field
    common="0A00$(le 2 0)$(le 2 0)$(le 2 0)2100$(od -An -v -tx1 -j $((at + 14)) -N 4 "$w/package" | tr -d ' \n' | tr a-f A-F)"
    common+="$(le 4 "$length")$(le 4 "$length")$(le 2 ${#name})$(le 2 0)"
    printf %s "504B0304$common" | basenc --base16 -d
    printf %s "$name"
    cat "$w/$name"
    # made by Unix 2.0, no comment, disk 0, binary, mode 0644 of a regular file, offset
    central+="504B01021403$common$(le 2 0)$(le 2 0)$(le 2 0)0000A481$(le 4 "$at")$(printf %s "$name" | basenc --base16 -w 0)"
    at=$((at + 30 + ${#name} + length))
  done
  printf %s "$central" | basenc --base16 -d
  printf %s "504B0506$(le 4 0)$(le 2 3)$(le 2 3)$(le 4 $((${#central} / 2)))$(le 4 "$at")$(le 2 0)" | basenc --base16 -d
}
rebuild 2>/dev/null | cmp -s - "$w/package" || refuse "package: expected the bytes that its members give, found others"

# ---- envelope 信封 ---------------------------------------------------------------------------------------------------

open_jws "$w/envelope.jws.json"
envelope=$w/envelope.jws.json.payload
holds "$envelope" '
  keys == ["content", "format", "records_root", "records_size", "seal_sha256", "sealed_at", "sequence", "session", "site"]
  and .format == "exam-seal-envelope/1" and (.content | keys == ["bytes", "path", "sha256"] and .path == "sealed.zip.age")' ||
  refuse "envelope: expected the members of exam-seal-envelope/1, found others"
site=$(values string "$envelope" '[.site]' '[0-9A-Z]+(-[0-9A-Z]+)*')
session=$(values string "$envelope" '[.session]' '[0-9a-f]{32}')
found=$(values number "$envelope" '[.sealed_at, .sequence]' '[1-9][0-9]{0,11}')
read -r sealed_at sequence <<<"$found"
content_bytes=$(values number "$envelope" '[.content.bytes]' '0|[1-9][0-9]{0,15}')
found=$(values string "$envelope" '[.content.sha256, .seal_sha256]' '[0-9a-f]{64}')
read -r content_sha256 seal_sha256 <<<"$found"

holds "$w/envelope.jws.json" '.signatures | length == 1' || refuse "envelope: expected one signature, found several"
check_entry "$w/envelope.jws.json" 0 exam-seal-envelope+jws "$site" "$sealed_at"
[[ $role == site ]] || refuse "envelope: expected the signature of a site, found that of a $role"
[[ $content_bytes == "$(size "$w/sealed.zip.age")" ]] ||
  refuse "envelope: expected content.bytes of sealed.zip.age, found another length"
[[ $content_sha256 == "$(digest "$w/sealed.zip.age")" ]] ||
  refuse "envelope: expected content.sha256 of sealed.zip.age, found another digest"

# ---- decryption 解密 -------------------------------------------------------------------------------------------------

# Binary age v1, never longer inside than outside. 二进制 age v1；明文不会比密文长。
[[ $(head -c 22 "$w/sealed.zip.age" | hex -) == $(printf 'age-encryption.org/v1\n' | basenc --base16 -w 0) ]] ||
  refuse "sealed.zip.age: expected a binary age file, found another"
age -d -i "$w/identity" -o "$w/inner.zip" "$w/sealed.zip.age" >/dev/null 2>&1 ||
  refuse "sealed.zip.age: expected a whole age file for this identity, found another"

names=$(unzip -Z1 "$w/inner.zip" 2>/dev/null </dev/null | head -n 20 | tr '\n' ' ') || names=''
[[ $names == "attendance.jsonl incidents.jsonl journal.jsonl ledger.jsonl mimetype policy.toml results.jsonl seal.jws.json " ]] ||
  refuse "inner archive: expected the members $FILES with mimetype and seal.jws.json, ascending, found others"
member "$w/inner.zip" mimetype 64 "$w/mimetype"
[[ $(hex "$w/mimetype") == $(printf 'application/vnd.kaodian.exam-seal+zip' | basenc --base16 -w 0) ]] ||
  refuse "inner archive: expected its mimetype, found another"

# ---- manifest and its signatures 清单与签名 --------------------------------------------------------------------------

member "$w/inner.zip" seal.jws.json "$MOST_SIGNED" "$w/seal.jws.json"
[[ $(digest "$w/seal.jws.json") == "$seal_sha256" ]] || refuse "seal.jws.json: expected the envelope's seal_sha256, found another digest"
open_jws "$w/seal.jws.json"
manifest=$w/seal.jws.json.payload
holds "$manifest" '
  keys == ["amends", "batch", "certificate", "clock", "counts", "credential_bundle", "desks", "files", "format", "journal",
    "ledger", "level", "mode", "notices", "opened_at", "org", "pack_sha256", "policy_sha256", "previous", "recipients",
    "records_tree", "sealed_at", "sequence", "session", "signers_required", "site", "software"]
  and .format == "exam-seal/1"' || refuse "manifest: expected the members of exam-seal/1, found others"
holds "$manifest" '[.site, .session, .sequence, .sealed_at, .records_tree.root, .records_tree.size] ==
  ($envelope[0] | [.site, .session, .sequence, .sealed_at, .records_root, .records_size])' --slurpfile envelope "$envelope" ||
  refuse "manifest: expected the envelope's site, session, sequence, sealed_at, records_root and records_size, found others"
holds "$manifest" '.signers_required == {"proctor": 2, "site": 1}' ||
  refuse "manifest: expected signers_required of one site and two proctors, found another rule"
[[ -z $org_id ]] || holds "$manifest" '.org == $org' --arg org "$org_id" ||
  refuse "manifest: expected a package of $org_id, found another organisation's"
if [[ $demo == true ]]; then
  holds "$manifest" '.mode == "demo"' || refuse "manifest: expected mode demo under a demo root, found another"
else
  holds "$manifest" '.mode == "live"' || refuse "manifest: expected mode live under this root, found another"
fi
holds "$manifest" '.amends == null' || refuse "manifest: expected a first package, found an amendment, which this script cannot judge"
holds "$manifest" '(.sequence == 1) == (.previous == null)' ||
  refuse "manifest: expected previous from the second package on, found otherwise"
holds "$manifest" '.recipients | type == "array" and length >= 2 and (unique | length) == length' ||
  refuse "manifest: expected two different recipients or more, found others"

# Every signature alone, then the set. 先逐个核验，再看整体。
sites=0 proctors=0 names=''
count=$(values number "$w/seal.jws.json" '[.signatures | length]' '[0-9]+')
for ((n = 0; n < count; n++)); do
  check_entry "$w/seal.jws.json" "$n" exam-seal+jws "$site" "$sealed_at"
  if [[ $role == site ]]; then
    sites=$((sites + 1))
    cmp -s "$w/seal.jws.json.$n.der" "$w/envelope.jws.json.0.der" ||
      refuse "envelope: expected the certificate that signed the manifest for the site, found another"
  else
    proctors=$((proctors + 1))
    names+="$(sed -n 's/^CN=//p' "$w/seal.jws.json.$n.subject") "
  fi
  for ((other = 0; other < n; other++)); do
    ! cmp -s "$w/seal.jws.json.$n.spki" "$w/seal.jws.json.$other.spki" ||
      refuse "seal.jws.json: expected a different key for each signature, found one twice"
    ! cmp -s "$w/seal.jws.json.$n.subject" "$w/seal.jws.json.$other.subject" ||
      refuse "seal.jws.json: expected a different person for each signature, found one twice"
  done
done
[[ $sites -eq 1 ]] || refuse "seal.jws.json: expected one site's signature, found $sites"
[[ $proctors -ge 2 ]] || refuse "seal.jws.json: expected two proctors' signatures, found $proctors"

# ---- files 文件 ------------------------------------------------------------------------------------------------------

holds "$manifest" '[.files[].path] == ($files / " ") and all(.files[]; keys == ["bytes", "media_type", "path", "sha256"])' \
  --arg files "$FILES" || refuse "manifest: expected files to list $FILES, found others"
found=$(values number "$manifest" '[.files[].bytes]' '0|[1-9][0-9]{0,9}')
read -ra all_bytes <<<"$found"
found=$(values string "$manifest" '[.files[].sha256]' '[0-9a-f]{64}')
read -ra all_sha256 <<<"$found"
inside=0 n=0
for name in $FILES; do
  bytes=${all_bytes[n]} sha256=${all_sha256[n]}
  n=$((n + 1))
  inside=$((inside + bytes))
  [[ $inside -le $MOST_INSIDE ]] || refuse "manifest: expected files of at most $MOST_INSIDE bytes, found more"
  member "$w/inner.zip" "$name" "$bytes" "$w/in/$name"
  [[ $(size "$w/in/$name") -eq $bytes ]] || refuse "$name: expected $bytes bytes, found $(size "$w/in/$name")"
  [[ $(digest "$w/in/$name") == "$sha256" ]] || refuse "$name: expected its SHA-256 of the manifest, found another"
  # A file of lines ends with LF. 行文件以换行结尾。
  [[ $name == policy.toml || $bytes -eq 0 || $(tail -c 1 "$w/in/$name" | hex -) == 0A ]] ||
    refuse "$name: expected lines that end with LF, found a last line without"
done
policy_sha256=$(values string "$manifest" '[.policy_sha256]' '[0-9a-f]{64}')
[[ $policy_sha256 == "$(digest "$w/in/policy.toml")" ]] ||
  refuse "policy.toml: expected policy_sha256 of the manifest, found another digest"

# ---- chains 日志链 ---------------------------------------------------------------------------------------------------

# lines FILE DIRECTORY: each line without its LF into a file of its own, so that one sha256sum hashes them all.
# 每行（不含换行）写入单独文件，由一次 sha256sum 求出全部摘要。
lines() {
  mkdir "$2"
  awk -v directory="$2" '{ f = sprintf("%s/%08d", directory, NR); printf "%s", $0 > f; close(f) }' "$1"
  find "$2" -type f -print0 | sort -z | xargs -0 -r sha256sum -- | cut -d ' ' -f 1
  rm -rf -- "$2"
}

# chain HEAD: h_i = SHA-256(h_(i-1) ‖ SHA-256(line_i)), over the digests of standard input. 逐行计算链头。
chain() {
  local head=$1 line
  while read -r line; do
    head=$(printf %s "${head^^}${line^^}" | basenc --base16 -d | sha256sum)
    head=${head%% *}
  done
  printf %s "$head"
}

holds "$manifest" '
  (.desks | type == "array" and length >= 1 and length <= 99 and ([.[].desk] | . == unique)
    and all(.[]; keys == ["desk", "head", "root", "size"] and .size >= 1))
  and ([.desks[].size] | add) == .journal.size and .counts.journal == .journal.size' ||
  refuse "manifest: expected desks ascending, whose sizes give the journal's, found others"
found=$(values number "$manifest" '[.journal.size, .ledger.size]' '0|[1-9][0-9]{0,8}')
read -r journal_size ledger_size <<<"$found"
[[ $(wc -l <"$w/in/journal.jsonl") -eq $journal_size ]] || refuse "journal.jsonl: expected $journal_size lines, found another number"
[[ $(wc -l <"$w/in/ledger.jsonl") -eq $ledger_size ]] || refuse "ledger.jsonl: expected $ledger_size lines, found another number"

# Each desk's lines count from 1, and carry its number. 各台日志从 1 连续编号。
holds "$w/in/journal.jsonl" '
  reduce inputs as $line ({desks: $m[0].desks, at: 0, n: 0, ok: true};
    if .ok and .at < (.desks | length) then
      .n += 1 | .ok = ($line.seq == .n and $line.a.desk == .desks[.at].desk)
      | if .n == .desks[.at].size then .at += 1 | .n = 0 else . end
    else .ok = false end)
  | .ok and .at == (.desks | length)' -n --slurpfile m "$manifest" ||
  refuse "journal.jsonl: expected the lines of each desk in their order, found others"

if [[ ${KAODIAN_SKIP_CHAIN:-} == 1 ]]; then
  chains="not checked 未核对 (KAODIAN_SKIP_CHAIN)"
else
  lines "$w/in/journal.jsonl" "$w/lines" >"$w/journal.digests"
  found=$(values number "$manifest" '[.desks[].desk]' '[1-9][0-9]?')
  read -ra desks <<<"$found"
  found=$(values number "$manifest" '[.desks[].size]' '[1-9][0-9]{0,8}')
  read -ra sizes <<<"$found"
  found=$(values string "$manifest" '[.desks[].head]' '[0-9a-f]{64}')
  read -ra heads <<<"$found"
  at=1
  for n in "${!desks[@]}"; do
    head=$(sed -n "${at},$((at + sizes[n] - 1))p" "$w/journal.digests" | chain "$(printf %064d 0)")
    [[ $head == "${heads[n]}" ]] || refuse "journal.jsonl: expected head ${heads[n]} of desk ${desks[n]}, found $head"
    at=$((at + sizes[n]))
  done
  chains="$journal_size lines 行"
fi
# The site's ledger from the head that the session's plan quotes. 考点总账：从场次计划所引链头开始。
found=$(values string "$manifest" '[.ledger.from, .ledger.head]' '[0-9a-f]{64}')
read -r ledger_from ledger_head <<<"$found"
head=$(lines "$w/in/ledger.jsonl" "$w/lines" | chain "$ledger_from")
[[ $head == "$ledger_head" ]] || refuse "ledger.jsonl: expected head $ledger_head, found $head"
holds "$w/in/journal.jsonl" '
  [inputs | select(.k == "session_planned/1").d]
  | length == 1 and (.[0] | .session == $m[0].session and .policy_sha256 == $m[0].policy_sha256
    and .ledger_head == $m[0].ledger.from)' -n --slurpfile m "$manifest" ||
  refuse "journal.jsonl: expected the plan of this session, found another"

# ---- answer 结论 -----------------------------------------------------------------------------------------------------

# The fingerprint that people compare with their paper: eight numbers of four digits. 与纸质记录比对的指纹：八组四位数。
hash=$(digest "$manifest")
fingerprint=''
for ((n = 0; n < 8; n++)); do
  letter=ABCDEFGH
  fingerprint+=$(printf '%s %04d  ' "${letter:n:1}" $((16#${hash:n*4:4} % 10000)))
done
printf 'package 封存包      %s\n' "$(digest "$w/package")"
printf 'site 考点           %s, session 场次 %s, number 序号 %s\n' "$site" "$session" "$sequence"
printf 'sealed 封存时间     %s, by the clock of the site 以考点时钟为准\n' "$(date -u -d "@$sealed_at" +%Y-%m-%dT%H:%M:%SZ)"
printf 'signed 签名         site 考点 %s; proctors 监考 %s\n' "$site" "$names"
printf 'revocations 吊销    %s\n' "$(openssl crl -in "$w/crl.pem" -noout -lastupdate -nextupdate | tr '\n' ' ')"
printf 'journal chain 日志链 %s\n' "$chains"
printf 'fingerprint 指纹    %s\n' "$fingerprint"
printf 'verified 通过, except what the head of this script names 脚本开头所列各项除外\n'
