# 考点 texts, 简体中文: the fallback locale. Tone and limits: screens.md §7, rules.md §6.
# Only ASCII, CJK and full-width punctuation: a terminal may draw anything of ambiguous width two columns wide.

## Words that stand everywhere

mode-demo = 演示
mode-rehearsal = 演练
phase-planned = 准备
phase-open = 签到中
phase-running = 考核中
phase-scoring = 评分中
phase-closed = 已结束
phase-closing = 关闭中
phase-sealed = 已封存
phase-fault = 故障
role-chief = 主考
role-proctor = 监考
role-assessor = 考评员
role-inspector = 巡考
role-admin = 考务员
desk = { $desk } 桌
nobody = 未登录
tail = 尾号 { $tail }
admission-tail = 准考证 ..{ $tail }

## Header and footer

header-reader = 读卡
header-scanner = 扫码
header-campus = 校园卡
header-journal = 日志
word-ok = OK
word-slow = 慢
word-lost = 断
word-none = --
limit-opens = 距开放 { $left }
limit-start = 距开考 { $left }
limit-entry = 距停止入场 { $left }
limit-hand-in = 距最早交卷 { $left }
limit-end = 距结束 { $left }
limit-start-due = 应开考
limit-end-due = 应结束
stopped = 停止签到
saved = { $at } 已写入日志 第 { $seq } 条
too-small = 窗口太小 { $w }x{ $h }，至少 80x24
last-verdict = 最近：{ $tag }

## Keys (row 24 and help)

key-help = 帮助
key-home = 签到
key-roster = 查找
key-scoring = 评分
key-menu = 菜单
key-legend = 演示卡
key-lock = 锁定
key-language = English
key-redraw = 重画屏幕
key-enter = 确认
key-enter-sign-in = 登录
key-enter-back = 返回
key-enter-save = 保存
key-enter-close = 关闭本场
key-enter-search = 打开名册
key-enter-choose = 选定
key-enter-freeze = 冻结
key-enter-sign = 签认
key-enter-unlock = 解锁
key-back = 返回
key-back-clear = 清空
key-back-close = 关闭
key-back-thaw = 停止并解冻
key-up-down = 选择
key-page = 翻页
key-next-field = 下一项
key-next-row = 下一行
key-next-session = 下一场
key-other-person = 换人
key-acknowledge = 看过了
key-digits-person = 选人
key-digits-room = 考场
key-enter-open = 打开
key-enter-seat = 看座位
key-filter = 换过滤
key-sideways = 左右
key-all-arrows = 方向键
key-move = 移动
key-missing-only = 未到
key-move-seat = 换座
key-withdraw = 停用
key-seat-map = 座位
key-pending = 待处理
key-digits-item = 选项
key-digits-mark = 录入
key-digits-pin = 输入 PIN
key-text-search = 查找
key-clear = 清空
key-retry = 重试
key-retry-failed = 失败后重试
key-back-failed = 失败后返回
key-digits = 数字
key-text = 打字
key-arrows = 上下
key-no-function-keys = 没有 F 键：先按 Ctrl+G，再按 1-9 或 0

## Plate tags: bilingual in both locales

tag-ok = [OK] 请进 / ADMITTED
tag-late = [迟] 迟到，准许进场 / LATE, ADMITTED
tag-already = [=] 已签到，不重复记录 / ALREADY IN
tag-refused = [X] 核验未通过 / NOT ADMITTED
tag-proctor = [!] 请稍候，监考老师来帮您 / PLEASE WAIT
tag-unreadable = [?] 没有读到，请再放一次 / PLEASE TRY AGAIN
tag-reading = [..] 读卡中，请别拿开 / READING
short-ok = [OK]
short-late = [迟]
short-already = [=]
short-refused = [X]
short-proctor = [!]
short-unreadable = [?]
short-reading = [..]

## Admission codes (rules.md §6): headline, line, and the proctor's next step

adm-01 = 签到尚未开始
adm-01-line = { $opens } 开放，请在候考区休息
adm-01-next = 由主考开放签到
adm-03 = 本场考核已封存
adm-03-line = 请到考务办公室咨询
adm-03-next = 到考务办公室；只能以更正处理
adm-02 = 本场考核已结束
adm-02-line = 请到考务办公室咨询
adm-02-next = 填写情况说明；有争议时记为异常情况
adm-19 = 设备处于演示状态
adm-19-line = 请稍候，正在更换设备
adm-19-next = 退出演示，接上真实读卡器
adm-10 = 没有读到证件
adm-10-line = 请拿起证件，重新平放
adm-10-next = 擦净证件再放一次；仍不行请换读卡桌或到考务办公室
adm-11 = 无法识别此证件
adm-11-line = 请换用身份证件
adm-11-next = 查看证件种类；仍不行请到考务办公室
adm-12 = 本场不能使用此证件
adm-12-line = 可用：{ $accepted }
adm-12-next = 请考生换一种证件
adm-13 = 请再刷身份证件
adm-13-line = 校园卡不能证明身份
adm-13-next = 一分钟内刷身份证件；校园卡只用来找到报名信息
adm-14 = 请再刷身份证件
adm-14-line = 准考证需与证件同时使用
adm-14-next = 一分钟内刷身份证件
adm-15 = 请再扫描准考证
adm-15-line = 本场需要证件和准考证
adm-15-next = 一分钟内扫准考证；丢失的到考务办公室补印
adm-28 = 准考证与证件不一致
adm-28-line = 请到工作人员处
adm-28-next = 请扫本人的准考证；疑似替考记为异常情况
adm-16 = 证件信息需要核对
adm-16-line = 请到工作人员处
adm-16-next = 证件号码校验不符，请用眼比对；疑似伪造记为异常情况
adm-17 = 证件已过有效期
adm-17-line = 请出示其他可用证件：{ $accepted }
adm-17-next = 换其他证件，否则到考务办公室
adm-18 = 证件信息需要核对
adm-18-line = 请到工作人员处
adm-18-next = 证件尚未生效；先检查本桌日期
adm-20 = 没有查到您的报名信息
adm-20-line = 请带证件到考务办公室
adm-20-next = 按姓名、旧号码或通行证查找；没有则等补充名册
adm-21 = 您的考点不在这里
adm-21-line = 应到考点：{ $site }
adm-21-next = 告知地址，并先打电话联系该考点
adm-22 = 今天没有您的考核
adm-22-line = 您的日期：{ $date }
adm-22-next = 请考生看打印的考核安排
adm-23 = 您的场次是 { $session }
adm-23-line = 请于 { $time } 前到 { $room }
adm-23-next = 引导到候考区
adm-24 = 您的考场在 { $room }
adm-24-line = 请到该考场签到
adm-24-next = 引导到该考场
adm-25 = 有多条报名信息
adm-25-line = 工作人员正在为您核对
adm-25-next = 看准考证，由监考选定一条
adm-26 = 正在核对姓名
adm-26-line = 请稍候
adm-26-next = 姓名写法略有不同，请看证件与名册
adm-27 = 姓名信息需要核对
adm-27-line = 请到工作人员处
adm-27-next = 证件与名册姓名不同，逐字比对，请机构更正
adm-30 = 需要先到考务办公室
adm-30-line = 工作人员会为您说明
adm-30-next = 机构限制：请陪同到办公室，凭机构书面材料处理
adm-31 = 您已办理退考
adm-31-line = 如有疑问请到考务办公室
adm-31-next = 名册注明退考：请与考务办公室核实
adm-32 = 还有一项手续
adm-32-line = 请先到考务办公室
adm-32-next = 待核：由办公室办理，原因不要当众说
adm-40 = 您已签到成功
adm-40-line = 座位 { $seat }，请入场
adm-40-next = 无需处理
adm-41 = 您已签到
adm-41-line = 请稍候，工作人员核对
adm-41-next = 在 { $desk } 桌 { $at } 签到，请去座位看；若有两人，报主考
adm-42 = 您已交卷
adm-42-line = 感谢参加，请有序离场
adm-42-next = 若误登记交卷，请告诉主考
adm-51 = 尚未到入场时间
adm-51-line = { $opens } 开始入场
adm-51-next = 引导到候考区
adm-47 = 正在核对签到信息
adm-47-line = 请稍候
adm-47-next = 此考生已登记缺考，核对本人后报告主考
adm-52 = 已超过入场时间
adm-52-line = 请到考务办公室登记
adm-52-next = 填写情况说明，告知补考办法
adm-62 = 正在为您调整座位
adm-62-line = 请稍候
adm-62-next = 座位已停用：F4 按 M 换到空座，再刷一次
adm-60 = 正在为您核对座位
adm-60-line = 请稍候
adm-60-next = 座位已有人：去看是谁，F4 按 M 换其中一位，再刷一次
adm-61 = 正在为您安排座位
adm-61-line = 请稍候
adm-61-next = 本桌没有空座：F4 按 M 选一个座位，再刷一次
adm-90 = 签到成功
adm-90-line = { $room } { $seat }，祝您顺利
adm-90-next = 无需处理
adm-91 = 签到成功
adm-91-line = { $room } { $seat }，祝您顺利
adm-91-next = 迟到 { $minutes } 分，不补时
refusal-comfort = 请不要着急，工作人员会帮助您

## Verdict screen

verdict-room-seat = 考场 - 座位
verdict-seat = 座位
verdict-room = 第 { $room } 考场
verdict-proctor = 监考看：{ $next }
verdict-code = 编号 { $code }
verdict-recorded = 编号 { $code }   这次刷证已记入日志，不影响任何考生
verdict-repeat = 编号 { $code }   同一证件刚刚刷过，不重复记录
verdict-back = { $left } 秒后返回

## Device faults and the journal

fault-3101 = 没有找到读卡器端口 { $port }。下一步：插好 USB，会自动重连
fault-3102 = 读卡器无应答。下一步：检查电源和 USB
fault-3103 = 没有权限打开 { $port }。下一步：把本机用户加入 dialout 组
fault-3104 = { $port } 被其他程序占用。下一步：关闭那个程序
fault-3105 = 读卡器已拔出。下一步：插回 USB，会自动重连
fault-3106 = 读卡器安全模块有故障。下一步：断电 10 秒再接通；仍不行就换读卡器
fault-3107 = 读卡器安全模块没有授权。下一步：换读卡器，并告知供应商
fault-3110 = 扫到的不是准考证号。下一步：扫准考证上的条码
fault-3131 = 没有找到扫码或校园卡端口 { $port }。下一步：插好 USB
fault-3135 = 扫码或校园卡设备 { $port } 已拔出。下一步：插回 USB
await-document = 准考证 ..{ $tail } 等待身份证件，还有 { $left } 秒
await-ticket = 等待扫描准考证，还有 { $left } 秒
fault-3108 = { $port } 不是串口。下一步：检查端口名称
fault-9001 = 日志无法写入，本桌已停止签到

## Command refusals, shown to staff only

refusal-t-03 = 停止入场前不能登记缺考。下一步：{ $at } 以后再登记
refusal-t-05 = 需要另一位监考或主考输入 PIN。下一步：请第二人输入
refusal-t-06 = 您的角色不能做这件事。下一步：请 { $role } 操作
refusal-t-07 = 本场现在是 { $state }，不能这样做。下一步：看菜单里可做的事
refusal-m-01 = 超过满分 { $max }。下一步：改成 0 到 { $max }
refusal-m-02 = 步长是 { $step }。下一步：改成 { $step } 的倍数
refusal-m-03 = 这一科已有成绩。下一步：需要更改时由考评组长更正
refusal-m-06 = 零分要说明原因。下一步：按 1 空白卷，按 2 评为零分
refusal-m-10 = 该考生缺考，不能录成绩。下一步：看名册
refusal-m-11 = 该考生没有签到，不能录成绩。下一步：看名册
refusal-m-12 = 该考生已终止考核，不能录成绩。下一步：看名册
refusal-sealing = 本场封存已冻结。下一步：完成封存，或在封存页按 Esc 解冻
refusal-seat-nobody = 本场没有这位考生。下一步：核对准考证号
refusal-seat-handed-in = 该考生已交卷，不能换座位。下一步：看名册
refusal-seat-none = 考场里没有这个座位。下一步：看座位图选一个
refusal-seat-taken = 这个座位有人。下一步：看座位图选空位
refusal-seat-out = 这个座位已停用。下一步：看座位图选空位
refusal-moved = 刚有新记录写入。下一步：再按一次
refusal-s-03 = 冲突单 { $n } 张未处理。下一步：主考和监考一起处理
refusal-s-04 = { $n } 台其他桌未签出。下一步：先让它们签出
refusal-s-07 = 本场没有考生，无可封存
refusal-s-08-stale = 成绩还没有汇总，或汇总后又有改动。下一步：在菜单里汇总成绩
refusal-s-02 = { $left } 不等于 { $right }，差 { $diff }。下一步：补登记漏记的人
refusal-s-08 = 还有 { $n } 人缺成绩。下一步：补录后再汇总
refusal-pin = PIN 不正确。下一步：请重新输入
keys-closed = 密钥打不开：{ $cause }。下一步：请告诉主考

## 3.1 Unlock

unlock-title = 考点签到终端   { $site }
unlock-desk = 本桌 { $desk } 号   { $phase }
unlock-who = 谁在操作？按数字选人
unlock-pin = PIN（6 至 12 位数字）
unlock-wrong = PIN 不正确，请重新输入
unlock-checking = 正在核对，请稍候
unlock-taps = 锁屏期间仍可刷证签到
unlock-taps-wait = 本桌待解锁：登录后才能刷证
unlock-empty = 还没有人员名单。下一步：kaodian people add
unlock-demo-pin = 演示 PIN { $pin }
demo-passphrase = 演示口令 { $passphrase }
tries-left = 本机剩余尝试 { $n } 次
tries-last = 再输错要等更久
tries-wait = 请等 { $s } 秒再输入 PIN

## Lock (F12)

lock-title = 已锁定
lock-idle = { $n } 分钟无操作
lock-unfinished = 未完成：{ $what }（已保留）
lock-switch = 换人：按上下键

## 3.3 Ready

ready-sentence = 身份证平放读卡区，听到一声响再拿开       Place your ID card on the reader
ready-lost = 读卡器暂不可用，请找监考老师       Reader not available, please ask a proctor
ready-not-open = 签到尚未开放，请在候考区休息       Check-in is not open yet
ready-recent = 最近三笔（只显示姓、尾号）
ready-none = 还没有人刷证
ready-counts = 本桌 { $desk }   全场 { $present } / { $expected }
ready-missing = 未到 { $missing }    迟到 { $late }    拒绝 { $refused }
ready-limit-at = { $left }  （{ $at }）
ready-no-limit = 今天没有后续时限
ready-type = 直接输入拼音首字母或号码即查找
ready-search = 查找：

## 3.10 Roster

roster-search = 查找
roster-hits = { $n } 人符合
roster-total = 全部 { $total }  未到 { $missing }
session-title = 场次 { $no }  { $certificate }  { $start }  { $people } 人
roster-col-note = 备注
roster-state-open = [!] 待处理
roster-note-barred = 禁考
roster-note-withdrawn = 退考
roster-note-hold = 待核
roster-note-resit = 补考
roster-elsewhere = { $session } 有 { $n } 人符合：按 Enter 到那一场看
roster-how-filter = 只看待处理、只看未到、只看第 03 考场；Tab 轮换前两种
roster-form-name = [姓名拼音]
roster-form-number = [号码]
roster-form-seat = [考场-座位]
roster-form-unknown = [看不懂]
roster-col-no = 号
roster-col-name = 姓名
roster-col-pinyin = 拼音
roster-col-number = 准考证
roster-col-tail = 尾号
roster-col-seat = 座位
roster-col-state = 状态
roster-state-expected = [..] 未到
roster-state-present = [OK] 在场 { $at }
roster-state-late = [迟] 迟到 { $at }
roster-state-handed-in = [交] 交卷 { $at }
roster-state-absent = [缺] 缺考
roster-none = 没有符合的考生。试过：{ $form }
roster-form-plain-name = 姓名拼音
roster-form-plain-number = 准考证号、证件尾号
roster-form-plain-seat = 考场-座位
roster-form-plain-unknown = 没有一种写法
roster-more = 还有 { $n } 人，再打一位可缩小范围
roster-how = 怎么查（不用输入法，自动识别）：
roster-how-initials = 姓名拼音首字母；多音字两种都认（曾 z/c、单 s/d）
roster-how-pinyin = 拼音开头 + 首字母
roster-how-number = 准考证号的后 3 位以上，或证件号后 4 位
roster-how-seat = 考场 - 座位
roster-legend = 状态 [..]未到 [OK]在场 [迟]迟到 [交]交卷 [缺]缺考
roster-selected = 选中：{ $name }   准考证 { $number }   座位 { $seat }

## F10 menu

menu-title = 菜单
menu-hint = 数字选择   Esc 关闭
menu-empty = 现在没有可做的事
menu-open = 开放签到
menu-start = 开始考核
menu-absent = 登记缺考（按考场）
menu-collect = 全部收卷
menu-close = 关闭本场
menu-marks = 录入成绩
menu-derive = 汇总成绩
menu-results = 成绩统计
menu-seal = 封存本场
menu-switch = 换人登录
menu-language = 语言 Language: English
menu-quit = 退出程序

## Confirmation and forms

confirm-open = 开放后即可刷证签到。开放时间记入日志
confirm-open-title = 开放签到？
confirm-start = 开考后按实际时间判定迟到；不能提前开考
confirm-start-title = 开始考核？
confirm-derive = 按规则计算每位考生的合成成绩和结果
confirm-derive-title = 汇总成绩？
confirm-collect = 把考场 { $room } 仍在场的 { $n } 人逐人登记为交卷
confirm-collect-title = 全部收卷？
confirm-absent = 把考场 { $room } 未到的 { $n } 人逐人登记为缺考
confirm-absent-title = 登记缺考？
confirm-quit = 退出后本桌不再接受刷证
confirm-quit-title = 退出程序？
confirm-keys = Enter 确认   Esc 不做
confirm-pin = 请输入您的 PIN
confirm-passphrase = 请输入考点口令
rooms-absent-title = 登记缺考：停止入场后未到的考生，按考场逐个确认
rooms-collect-title = 全部收卷：仍在场的考生，按考场逐个确认
rooms-col-room = 考场
rooms-col-count = 人数
rooms-col-seats = 座位
rooms-all-done = 每个考场都已办完
rooms-line = 第 { $room } 考场
rooms-consequence-absent = 每人写一条日志；写错需要主考和监考两人撤销
rooms-consequence-collect = 每人写一条交卷日志；交卷后不能再入场

## Close

close-title = 关闭本场   主考 { $chief }
close-balance = 平衡
close-left = 左边
close-right = 右边
close-b1 = 登记 { $a } = 应到 { $b } + 作废 { $c }
close-b2 = 应到 { $a } = 实到 { $b } + 缺考 { $c }
close-b3 = 实到 { $a } = 交卷 { $b } + 终止 { $c }
close-holds = [OK]
close-off = [差 { $n }]
close-off-room = 差在哪：第 { $room } 考场差 { $n } 人
close-blocked = 还不能关闭：{ $n } 条不平衡
close-ready = 三条都平衡，可以关闭
close-who = 监考（第二人）
close-pin-chief = 主考 PIN
close-pin-proctor = 监考 PIN
close-consequence = 关闭后不能再签到、登记缺考或收卷；仍可录成绩
close-no-proctor = 没有可签认的监考

## 3.18 Scoring

scoring-title = { $part }评分   考评员 { $who }
scoring-range = 满分 { $max }，步长 { $step }。  姓名隐藏。  已录 { $done } / { $total }
scoring-col-number = 准考证
scoring-col-seat = 工位
scoring-col-mark = 成绩/{ $max }
scoring-col-state = 状态
scoring-saved = [存]
scoring-open = [  ]
scoring-typing = 录入中
scoring-absent = [缺] 缺考
scoring-not-in = [--] 没有签到
scoring-present = [在] 未交卷
scoring-removed = [终] 终止
scoring-done = 本科目全部录完
scoring-empty = 没有可录成绩的考生
scoring-half = 超过满分或步长不对时 Enter 不离开本格，下方说明原因
scoring-saving = 每行 Enter 即写入日志；已存的成绩不能在这里改
scoring-not-number = 请输入数字，例如 { $example }

## 3.20 Results

results-title = 成绩汇总   { $certificate }
results-rule = { $rule }
results-counts = 应到 { $expected }   实到 { $present }   缺考 { $absent }   终止 { $removed }   有成绩 { $complete }
results-current = [已汇总]
results-stale = [需重新汇总]
results-underived = [未汇总]
results-mean = 平均
results-median = 中位
results-min = 最低
results-max = 最高
results-sd = 标准差
results-passed = 合格
results-rate = 合格率
results-composite = 综合
results-distribution = 综合分布（每 10 分）
results-outcomes = 结果
results-pass = 合格 { $n }
results-fail = 不合格 { $n }
results-absent = 缺考 { $n }
results-breach = 违纪 { $n }
results-partial = 不完整 { $n }
results-none = 还没有成绩。下一步：F9 录入成绩
results-hidden = 姓名不显示在这一屏

## 3.21 to 3.22 Seal: checks, fingerprint, signatures

seal-title = 关闭与封存
seal-step-checklist = 清单
seal-step-fingerprint = 指纹
seal-step-first = 监考甲
seal-step-second = 监考乙
seal-step-seal = 封存
seal-mark-good = [OK]
seal-mark-blocked = [阻]
seal-mark-warning = [提]
seal-mark-seen = [阅]
seal-mark-pending = [..]
seal-unchecked = 正在检查
seal-closed = 本场已关闭
seal-not-closed = 本场还没有关闭
seal-do-closed = 回到 F10 菜单关闭本场
seal-balanced = 三条都平衡
seal-unbalanced = { $n } 条不平衡
seal-do-balance = 看下面差在哪；撤销记错的，或补记漏记的
seal-conflicts = 未处理的冲突单 { $n } 张
seal-do-conflicts = 主考和监考一起处理每张冲突单
seal-desks = 所有桌的记录都已收齐
seal-desks-pending = 正在核对各桌的记录
seal-desks-missing = { $n } 台桌没有签出，或记录没有收齐
seal-do-desks = 接通那台桌让它签出；接不通就用 U 盘取回它的记录
seal-streams = 日志链与日志树校验通过
seal-streams-pending = 正在校验日志链与日志树
seal-streams-broken = { $n } 条日志流校验不通过
seal-do-streams = 不要改动数据目录，原样保留并联系组织
seal-inside = 还在场 { $n } 人
seal-do-inside = 先逐人或按考场收卷；终止的人按终止登记
seal-registered = 本场登记 { $n } 人
seal-do-registered = 本场没有考生，没有可封存的内容；请核对名册
seal-marks = 成绩齐全
seal-marks-missing = 缺成绩 { $n } 人
seal-do-marks = 按 F9 补录成绩
seal-results = 成绩已汇总，之后没有改动
seal-results-stale = 成绩还没有汇总，或汇总后又有改动
seal-do-results = 在 F10 菜单里汇总成绩
seal-proctors = 可签认的监考 { $n } 人
seal-do-proctors = 需要两位不同的监考，各有有效证书；请换监考，或导入新的证书包
seal-certificate = 考点证书有效
seal-certificate-unusable = 考点证书缺失、过期，或不是本考点的
seal-do-certificate = 导入新的证书包：kaodian site enrol
seal-recipients = 接收方的公钥已核对
seal-recipients-unknown = 没有接收方的公钥
seal-do-recipients = 重新导入证书包：kaodian site enrol
seal-sealable = 考核规则与程序可用于正式封存
seal-unsealable = 演练库、示例规则或开发版程序不能封存
seal-do-sealable = 这个库不能封存；正式考核请用正式库、正式规则和发行版
seal-site-keys = 本考点有签章密钥
seal-no-site-keys = 本考点建库时没有签章密钥，不能封存
seal-do-site-keys = 请考务员先为本考点建立密钥：kaodian site init
seal-revocations = 吊销名单在有效期内
seal-revocations-old = 吊销名单已过有效期
seal-do-revocations = 可以封存；有新证书包时请先导入
seal-clock = 时钟有可靠来源
seal-clock-attested = 时钟由人确认，没有可靠来源
seal-do-clock = 请看一眼墙上的钟；封存时间以本机时钟为准
seal-lifts = 人工放行 { $n } 人，超过实到的百分之五
seal-do-lifts = 请主考知晓；日志里有每一条
seal-do = 怎么办：{ $what }
seal-to = 封给 { $organisation }   工作钥 W { $working }   备用钥 R { $recovery }
seal-consequence = 冻结后本场不再接受任何更改，直到封存或解冻
seal-blocked = 还不能封存：{ $n } 项阻断，请先按上面的办法处理
seal-unseen = 还有 { $n } 项提醒：按 W 或空格表示看过，写入封存清单
seal-still-frozen = 本场已冻结，还没有封存。Enter 接着封存   Esc 停止并解冻
seal-thaw = 停止封存并解冻本场？数据不丢。Enter 停止并解冻   Esc 不做
seal-beside = 已结束的第 { $n } 场，共 { $all } 场：Tab 换一场
seal-ask = 冻结本场？冻结后不能再改任何记录。Enter 冻结   Esc 不做
seal-chief = 主考 { $chief }
seal-tally = { $all } 项：{ $good } 通过  { $warnings } 提醒  { $blocked } 阻断
seal-all-good = 没有要处理的，也没有提醒
seal-means-frozen = 冻结：本场从此不再写入任何记录，随时可以停止并解冻，数据不丢。
seal-means-people = 接着：指纹抄到纸上，两位监考各用自己的 PIN 签认，主考输入考点口令。
seal-means-readers = 只有上面写的组织能打开封存包；考点自己也打不开。
seal-copy = 本场指纹（抄到《考场情况汇总表》第 6 栏，两位监考各抄一遍）
seal-counts = 数据  应到 { $expected }  实到 { $present }  缺考 { $absent }  事件 { $incidents }  日志 { $lines } 条
seal-frozen = { $at } 冻结
seal-session = 场次  { $session }  { $id }   记录根 { $root }
seal-recipients-short = 接收  工作钥 W { $working }   备用钥 R { $recovery }
seal-read-back = 复核：请从纸上输入系统随机抽的两组
seal-group = { $letter } 组
seal-read-wrong = [X] 不同
seal-read-again = 与指纹不同。请核对纸上抄的数，抄错就先改纸，再重新输入
seal-pick = 谁来签认？按数字选人
seal-after-reading = 两组都对了以后签认
seal-other-person = 甲签认以后；必须是另一个人
seal-until = 证书至 { $month }
seal-signed = [OK] { $at } 已签认
seal-passphrase = 考点口令
seal-passphrase-wrong = 考点口令不正确，请重新输入
seal-after-signing = 两位监考都签认以后输入
seal-last-step = 主考或副主考输入考点口令，Enter 后开始封存
seal-no-names = 签认时屏幕只显示数量和指纹，不显示任何考生
seal-stop = 停止封存并解冻本场？
seal-stop-safe = 数据不丢；已做的签认作废，下次从清单重新开始
seal-stop-keys = Enter 停止并解冻   Esc 继续封存
seal-freezing = 正在冻结并计算指纹，请稍候
seal-thawed = 已停止封存并解冻，数据不丢
seal-is-sealed = { $session } 已封存
seal-fault-sealable = 演练库或示例规则不能封存。下一步：用正式库和正式规则
seal-fault-site-key = 本考点没有签章密钥，不能封存。下一步：请考务员建立密钥
seal-fault-credentials = 证书缺失、过期或不是本人的。下一步：请考务员导入新的证书包
seal-fault-crew = 不是本场的监考，不能签认。下一步：请本场的另一位监考签认
seal-fault-trees = 封存包与日志的链不一致。下一步：保留数据目录，联系组织
seal-fault-data-key = 本场的数据密钥没有打开。下一步：重新启动本机程序并登录
seal-fault-not-prepared = 本场没有冻结。下一步：从菜单重新封存
seal-fault-disk = 封存包写不进磁盘。下一步：腾出空间，再封存一次
seal-fault-unnamed = 已封存，但封存包还没有正式文件名。下一步：修好磁盘，重新启动
seal-fault-unverified = 写下的封存包验证不通过。下一步：再封存一次
seal-fault-other = 没有封存。下一步：再封存一次；仍不行请报这个代码

## 3.24 Sealing

sealing-title = 正在封存，请保持通电
sealing-stopped = 没有封存
sealing-leave = 可以离开，屏幕保持显示
sealing-1 = 冻结数据
sealing-2 = 写出 { $n } 个文件
sealing-3 = 结果树与日志树
sealing-4 = 监考签名 2 份
sealing-5 = 考点签章
sealing-6 = 加密给组织
sealing-7 = 写盘并刷入
sealing-8 = 重新打开并全部验证
sealing-seconds = { $s } 秒
sealing-leaves = { $records } 片  { $lines } 片
sealing-only-then = 通过后才显示 已封存
sealing-failed = [失败]
sealing-power = 封存中不能中断；断电后重开会从第 1 步重做，数据不丢
sealing-nothing = 没有任何文件被当作已封存；写了一半的文件会自动删除
sealing-safe = 本场仍是已结束，记录和成绩一条不少
sealing-give-up = 封不成时：Esc 回到清单，在那里可以停止并解冻
sealing-do-disk = 下一步：腾出磁盘空间，按 R 再封存一次
sealing-do-verification = 下一步：按 R 再封存一次；仍不行请保留数据目录并联系组织
sealing-do-keys = 下一步：核对口令与证书，按 R 再封存一次
sealing-do-other = 下一步：按 R 再封存一次；仍不行请报 { $code }

## 3.23 Sealed

sealed = [OK] 已封存
sealed-not-real = 不能当作正式成绩
sealed-fingerprint = 指纹（与纸上一致）
sealed-passed = 验证程序：全部通过
sealed-not-passed = 验证程序：没有全部通过
sealed-site = 考点签章
sealed-proctors = 两位监考签名
sealed-chain = 证书与有效期
sealed-digests = 每个文件的摘要
sealed-trees = 日志链与两棵树
sealed-results = 成绩重新算过
sealed-counts = 人数与平衡
sealed-again = 重做一遍：
sealed-photograph = 请监考拍下上面的二维码
sealed-no-code = 二维码放不下，请抄指纹
sealed-proves = 这能证明：封存以后成绩和日志一个字都没有改过，两位监考和考点各用自己的密钥签了字。
sealed-does-not = 不能证明：评分公正；签字以前录入的内容属实。

## 3.30 Fault

fault-last = 最后一条已保存：第 { $seq } 条  { $at }
fault-last-none = 还没有保存任何一条
fault-taps = 之后的刷证都没有记录（{ $n } 次），请这样做：
fault-do-desk = 请考生稍候，或改到其他正常的签到桌
fault-do-paper = 用纸质签到表登记
fault-do-retry = 腾出磁盘空间后按 R 重试；仍不行报 { $code }
fault-cause = 原因（给技术人员）：{ $cause }
fault-retrying = 正在重新打开日志

## 3.31 Help

help-title = 帮助：{ $screen }
help-close = Esc 或 F1 关闭
help-here = 这一屏
help-everywhere = 到处都一样
help-taps = 刷证随时有效：在任何屏幕都会判定，不会打断您正在输入的内容。
help-codes = 遇到 KD-xxx：记下编号，查手册附录。
screen-unlock = 登录
screen-ready = 签到
screen-verdict = 判定
screen-roster = 名册
screen-detail = 考生详情
screen-seat-map = 座位图
screen-pending = 待处理
screen-menu = 菜单
screen-confirm = 确认
screen-rooms = 按考场登记
screen-close = 关闭本场
screen-scoring = 评分
screen-results = 成绩
screen-checklist = 封存：清单
screen-sign = 封存：签认
screen-sealing = 正在封存
screen-sealed = 已封存
screen-lock = 锁定
screen-fault = 故障
screen-help = 帮助
screen-legend = 演示卡

## Demo legend

legend-title = 演示：数字出卡
legend-hint = Esc 关闭
legend-next-card = 下一张身份证
legend-other-session = 其他场次的考生
legend-not-listed = 名册里没有的人
legend-twice = 同一张卡再放一次
legend-damaged = 读坏的卡
legend-late = 迟到的考生
legend-unplug = 拔出读卡器
legend-plug = 插回读卡器
legend-next-step = 走到下一个时限
legend-yours = 剩下的由您来做：录入最后的成绩，关闭本场，汇总成绩，封存

# Row 23: what else is told.

nothing-left = 没有要做的：都已处理
nothing-to-mark = 没有可录成绩的科目。下一步：交卷以后再录
awaiting-unlock = 本桌待解锁，刷证没有记录。下一步：请先登录
nothing-planned = 名册未导入。下一步：请考务员导入名册
refusal-t-01 = { $at } 以前不能收卷。下一步：{ $at } 以后再收
refusal-role = 您的角色不能做这件事。下一步：请换有权的人登录
refusal-starts-at = 没有到开考时间 { $at }。下一步：到时再开考
refusal-s-06 = 还有 { $n } 人在场。下一步：先收卷
refusal-m-13 = 还没有交卷，不能录成绩。下一步：交卷以后再录
session-no = 第 { $no } 场
not-recorded = 这次刷证没有判定，也没有记录。下一步：请再放一次

## Reader diagnosis: commands and status codes

reader-cmd-reset = 复位
reader-cmd-status = 自检
reader-cmd-sam = 读模块号
reader-cmd-find = 找卡
reader-cmd-select = 选卡
reader-cmd-read = 读文字和照片
reader-cmd-fingerprint = 读文字照片指纹
reader-cmd-all = 读追加信息
reader-cmd-address = 读最新地址
reader-cmd-chip = 读芯片号
reader-cmd-speed = 设波特率
reader-cmd-radio = 设射频帧长
reader-sw-90 = 完成
reader-sw-9f = 找到卡
reader-sw-91 = 卡上没有此项
reader-sw-10 = 命令校验错
reader-sw-11 = 命令长度错
reader-sw-21 = 不支持此命令
reader-sw-23 = 不允许
reader-sw-24 = 原因不明的错误
reader-sw-31 = 卡不认模块
reader-sw-32 = 模块不认卡
reader-sw-33 = 数据核对失败
reader-sw-34 = 没有先找卡
reader-sw-37 = 指纹核对失败
reader-sw-3f = 数据长度错
reader-sw-40 = 不认识的卡
reader-sw-41 = 读卡失败
reader-sw-47 = 随机数失败
reader-sw-4e = 不认识的命令
reader-sw-50 = 写卡失败
reader-sw-60 = 自检不通过
reader-sw-61 = 登录失败
reader-sw-66 = 模块没有授权
reader-sw-80 = 没有卡
reader-sw-81 = 选卡失败
reader-sw-unknown = 未知状态
reader-flaw-length = 长度不可能的帧
reader-flaw-checksum = 校验错的帧
reader-flaw-truncated = 没有收完的帧
reader-noise = { $n } 字节不是应答
reader-answers = 接通，{ $baud }
reader-stops = 断开 { $code }

## Reader diagnosis: what is likely wrong and what to do

doctor-3101 = 没有找到端口 { $port }。
doctor-3101-do = 插好 USB，再看端口列表；只显示为键盘（HID）的没有串口
doctor-3102 = 端口能打开，读卡器没有应答。
doctor-3102-do = 检查电源和线；试波特率；再看是不是别的端口
doctor-3103 = 没有权限打开端口 { $port }。
doctor-3103-do = 把本机用户加入 dialout 组，再重新登录系统
doctor-3104 = 端口 { $port } 被其他程序占用。
doctor-3104-do = 看端口列表里是谁占用，关闭它；常见的是登录终端 getty
doctor-3105 = 读卡器被拔出了。
doctor-3105-do = 插回 USB，3 秒内自动重连
doctor-3106 = 60 = 安全模块自检不通过。
doctor-3106-do = 断电 10 秒再接通；仍不行就换读卡器
doctor-3107 = 66 = 安全模块没有授权。
doctor-3107-do = 换读卡器，并告知供应商
doctor-3108 = { $port } 不是串口。
doctor-3108-do = 从端口列表另选一个
doctor-3111 = 41 = 读卡失败。多半是拿开太快，或卡片叠在一起。
doctor-3111-do = 1) 拿开再平放 2 秒；2) 换一张卡试；3) 连续 5 次再换读卡器
doctor-3112 = { $sw3 } = 卡片和读卡器互不认可。
doctor-3112-do = 1) 拿开再平放 2 秒；2) 换一张卡试；3) 都不行就换读卡器
doctor-3113 = 不认识的卡，或者叠着两张卡。
doctor-3113-do = 只放一张证件；手机和校园卡拿远一些
doctor-3114 = 线路上有字节损坏（校验错）。
doctor-3114-do = 换一根短的 USB 线，离开电源；看校验错是否还增加
doctor-3115 = { $sw3 } = 找卡、选卡、读卡的顺序中断了。
doctor-3115-do = 拿开再平放 2 秒；常出现就复位
doctor-3116 = 有数据，但不是应答：波特率不对，或不是读卡器。
doctor-3116-do = 试波特率；再换端口试
doctor-3117 = 读卡器在 { $found } 应答，配置写的是 { $configured }。
doctor-3117-do = 把配置里的 reader.baud 改为 { $found }
doctor-3118 = { $sw3 } = 读卡器拒绝了命令。
doctor-3118-do = 存诊断包，交给供应商
doctor-3119 = 找到了卡，但读取没有应答。
doctor-3119-do = 拿开再平放 2 秒；常出现就查线，或换读卡器
doctor-3120 = 读卡器在 USB 上，但没有串口（HID 或专用接口）。
doctor-3120-do = 换成串口型号，或向供应商要虚拟串口的设置
doctor-well = 读卡器正常。
doctor-well-do = 放上一张卡试读，不签到
doctor-seeking = 正在找读卡器。
doctor-seeking-do = 最多等 15 秒
doctor-do = 怎么办：{ $text }

## Reader diagnosis: the screen

reader-title = 读卡器诊断
reader-up = 连通
reader-down = 断
reader-unknown = ..
reader-open = 已开 { $time }
reader-col-time = 时间
reader-col-way = 方向
reader-col-hex = 十六进制（证件内容打码）
reader-col-meaning = 含义
reader-out = 发
reader-in = 收
reader-none = 还没有数据
reader-figures = 累计   读 { $reads }  成功 { $ok }  拿开太快 { $lifted }  校验错 { $damaged }  不识别 { $unknown }
reader-mean = 平均 { $s } 秒
reader-keys = 1 自检  2 复位  3 试波特率  4 换端口  5 试读（不签到）  6 存诊断包（打码）
reader-paused = [已暂停] 空格继续
reader-trial-wait = 试读：请放卡（不签到），还有 { $left } 秒。在此期间刷卡都不算签到
reader-trial-read = 试读成功，没有签到：{ $kind }  { $who }  尾号 { $tail }
reader-trial-facts = 号码校验 { $number }   有效期 { $valid }   照片 { $photo }
reader-trial-failed = 试读没有成功，没有签到。原因见上面
reader-trial-lift = 请拿走卡片。拿走以后恢复签到
reader-trial-over = 卡片已拿走，已恢复签到
reader-right = 正确
reader-wrong = 不对
reader-long-term = 长期
reader-unreadable = 读不出
reader-yes = 有
reader-no = 没有
reader-kind-resident = 居民身份证
reader-kind-foreigner = 永久居留身份证
reader-kind-hmt = 港澳台居民居住证
reader-kind-other = 其他证件
reader-pick = 换到哪个端口（到退出程序为止）：Enter 选定  Esc 不换
reader-pick-none = 没有找到别的串口
reader-access-denied = 没有权限
reader-access-missing = 不存在
reader-held-own = 正在用
reader-held = 被 { $who } 占用
reader-tested-well = 自检通过
reader-tested-ill = 自检没有应答
reader-reset-well = 已复位，读卡器正常
reader-reset-ill = 复位没有得到确认
reader-speeds = 有应答的波特率：{ $list }
reader-speeds-none = 所有波特率都没有应答
reader-asked = 正在试，签到稍等
reader-saved = 诊断包已存：log/{ $file }（打码，只有本机用户可读）
reader-not-saved = 诊断包没有存成：{ $cause }
reader-not-opened = 端口没有打开：{ $cause }
key-digits-do = 动作
key-space = 空格
key-pause = 暂停滚动
menu-reader = 读卡器诊断

## Reader diagnosis: on the command line

doctor-no-port = 没有串口，也没有配置 reader.port
doctor-which = 有几个串口，请用 --port 指定
doctor-found = 读卡器在 { $baud } 应答，模块号 { $sam }
doctor-lay = 请放上一张卡试读（不签到），等 { $s } 秒
doctor-no-card = 没有放卡：读取本身没有试
doctor-read = 试读成功：{ $kind }，{ $ms } 毫秒

## 3.11 detail, 3.13 seat map, 3.32 pending

detail-number = 准考证
detail-document = 证件
detail-tail = 尾号
detail-seat = 座位
detail-note = 备注
detail-seat-later = 到场时分配
detail-no-photo = 无照片
detail-history = 经过
detail-reading = 正在读日志
detail-nothing = 还没有记录
detail-actions = 动作
detail-move = 换座位
detail-show-seat = 看座位图
detail-via-card = 读证
detail-via-hand = 人工
detail-admitted = 签到 { $desk } 桌 { $via }
detail-turned-away = 未放行 { $desk } 桌 { $code }
detail-moved = 换座 { $seat } { $why }
detail-handed-in = 交卷
detail-absent = 登记缺考
detail-absent-ill = 登记缺考 因病
detail-absent-refused = 登记缺考 入场被拒
seats-came = 到
seats-none = 本场没有考场
seats-seat = 座位 { $seat }  { $state }
seats-legend = 图例（字母就是状态）和本考场人数
seats-empty = 空位
seats-expected = 未到
seats-present = 在场
seats-late = 迟到
seats-handed-in = 已交卷
seats-absent = 缺考
seats-open = 待处理
seats-withdrawn = 停用
seats-total = 合计 { $seats } 座   已到 { $came }   未到 { $left }
seats-below = 下面还有 { $n } 行
seats-short = 有考场备用座位不足
seats-all-here = 全部一屏，不分页
seats-moving = 换座位：准考证 { $number }
seats-moving-how = 方向键选一个空位（-）
seats-moving-enter = Enter 选定   Esc 不换
seats-why-move = 换到 { $seat }，原因：
seats-why-withdraw = 停用 { $seat }，原因：
seat-reason-station-fault = 设备故障
seat-reason-surroundings = 环境不适合
seat-reason-taken = 座位被占
seat-reason-missat = 坐错座位
seat-reason-arrangement = 便利安排
seat-reason-order = 考场秩序
pending-title = 待处理 { $n } 件
pending-none = 没有待处理
pending-how = Enter 打开这位考生；来了并放行，或冲突解决以后，自动离开这里
pending-col-age = 等了
pending-col-case = 事由
pending-col-who = 考生
pending-col-session = 场次
pending-col-desk = 桌
conflict-admitted-twice = 冲突：两次签到
conflict-order = 冲突：先后不可能
conflict-absent-and-seen = 冲突：登记缺考又见到本人
conflict-seat-twice = 冲突：一座两人
conflict-roster-drop = 冲突：有记录，新名册没有此人
conflict-roster-drift = 冲突：有记录，新名册换了人
