<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>ApiError</name>
    <message>
        <source>The daemon answered with an error and did not say which</source>
        <translation>守护进程以错误应答，却没有说是哪个</translation>
    </message>
</context>
<context>
    <name>AppButton</name>
    <message>
        <source>off for now</source>
        <translation>暂不可用</translation>
    </message>
</context>
<context>
    <name>BannerStrip</name>
    <message numerus="yes">
        <source>Tried again in %n second(s).</source>
        <translation>
            <numerusform>%n 秒后重试。</numerusform>
        </translation>
    </message>
    <message>
        <source>Change the token</source>
        <translation>更换令牌</translation>
    </message>
    <message>
        <source>Try now</source>
        <translation>现在试</translation>
    </message>
    <message>
        <source>Another daemon…</source>
        <translation>另一个守护进程…</translation>
    </message>
    <message numerus="yes">
        <source>All %n alert(s)</source>
        <translation>
            <numerusform>全部 %n 条警报</numerusform>
        </translation>
    </message>
    <message>
        <source>Look</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>静音</translation>
    </message>
    <message>
        <source>Drawn without a graphics card: everything is here, and a little plainer.</source>
        <translation>没有使用显卡绘制：一切都在，只是朴素一点。</translation>
    </message>
    <message>
        <source>Understood</source>
        <translation>知道了</translation>
    </message>
    <message>
        <source>Put away</source>
        <translation>收起</translation>
    </message>
</context>
<context>
    <name>CalendarPage</name>
    <message>
        <source>Slot calendar</source>
        <translation>时隙日历</translation>
    </message>
    <message>
        <source>your window %1</source>
        <translation>你的窗口%1</translation>
    </message>
    <message>
        <source>your next window %1</source>
        <translation>你的下一个窗口%1</translation>
    </message>
    <message>
        <source>No window yet</source>
        <translation>还没有窗口</translation>
    </message>
    <message>
        <source>Windows go round between all providers that are registered with the contract. Those of your providers show here as soon as they are on its roster and a round has begun.</source>
        <translation>窗口在所有向合约注册的提供者之间轮转。你的提供者上了名单且一轮开始之后，就会显示在这里。</translation>
    </message>
    <message>
        <source>Register a provider…</source>
        <translation>注册提供者…</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>How much is shown</source>
        <translation>显示多长时间</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>日</translation>
    </message>
    <message>
        <source>Week</source>
        <translation>周</translation>
    </message>
    <message>
        <source>Month</source>
        <translation>月</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>更早</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>更晚</translation>
    </message>
    <message>
        <source>Save as a picture…</source>
        <translation>保存为图片…</translation>
    </message>
    <message>
        <source>PNG picture…</source>
        <translation>PNG 图片…</translation>
    </message>
    <message>
        <source>PDF page…</source>
        <translation>PDF 页面…</translation>
    </message>
    <message>
        <source>Put away</source>
        <translation>收起</translation>
    </message>
    <message>
        <source>What is done for %1&apos;s windows</source>
        <translation>%1 的窗口怎么处理</translation>
    </message>
    <message>
        <source>What the daemon does by itself when a window of %1 opens</source>
        <translation>%1 的窗口打开时守护进程自动做什么</translation>
    </message>
    <message>
        <source>Ask me</source>
        <translation>先问我</translation>
    </message>
    <message>
        <source>Store by itself</source>
        <translation>自动存储</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>跳过</translation>
    </message>
    <message>
        <source>Slot %1 · %2 · %3</source>
        <translation>时隙 %1 · %2 · %3</translation>
    </message>
    <message>
        <source>%1 to %2, epochs %3 to %4</source>
        <translation>%1 至 %2，高度 %3 至 %4</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Copy the slot&apos;s number</source>
        <translation>复制时隙编号</translation>
    </message>
    <message>
        <source>Store it</source>
        <translation>存储</translation>
    </message>
    <message>
        <source>Try its deal again</source>
        <translation>重试其交易</translation>
    </message>
    <message>
        <source>Claim</source>
        <translation>领取</translation>
    </message>
    <message>
        <source>Slot %1</source>
        <translation>时隙 %1</translation>
    </message>
    <message>
        <source> (yours)</source>
        <translation>（你的）</translation>
    </message>
    <message>
        <source>Take its snapshot and give its pieces to the market</source>
        <translation>生成其快照并把数据块交给市场</translation>
    </message>
    <message>
        <source>Claim…</source>
        <translation>领取…</translation>
    </message>
    <message>
        <source>opens %1</source>
        <translation>%1打开</translation>
    </message>
    <message>
        <source>closes %1</source>
        <translation>%1关闭</translation>
    </message>
    <message>
        <source>closed %1</source>
        <translation>%1关闭</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Opens</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>%1 · epoch %2</source>
        <translation>%1 · 高度 %2</translation>
    </message>
    <message>
        <source>Closes</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>In UTC</source>
        <translation>UTC 时间</translation>
    </message>
    <message>
        <source>Snapshot of</source>
        <translation>快照高度</translation>
    </message>
    <message>
        <source>epoch %1</source>
        <translation>高度 %1</translation>
    </message>
    <message>
        <source>Reward</source>
        <translation>报酬</translation>
    </message>
    <message>
        <source>not staged yet</source>
        <translation>尚未登记</translation>
    </message>
    <message>
        <source>Round</source>
        <translation>轮次</translation>
    </message>
    <message>
        <source>%1, place %2</source>
        <translation>%1，第 %2 位</translation>
    </message>
    <message>
        <source>Piece CID</source>
        <translation>数据块 CID</translation>
    </message>
    <message>
        <source>Deal</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>When a window of %1 opens</source>
        <translation>当 %1 的窗口打开时</translation>
    </message>
    <message>
        <source>Ask: you press “Store it”. By itself: the daemon does. Skip: the window is left.</source>
        <translation>询问：由你按“存储”。自动：守护进程自己做。跳过：放弃该窗口。</translation>
    </message>
    <message>
        <source>Slot policy</source>
        <translation>时隙策略</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>询问</translation>
    </message>
    <message>
        <source>By itself</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Register a provider</source>
        <translation>注册提供者</translation>
    </message>
    <message>
        <source>It goes onto the contract&apos;s roster with the bond that is asked for now, from the next round on. The daemon&apos;s wallet has to be one of its controlling addresses.</source>
        <translation>以当前要求的保证金登记到合约名单，从下一轮开始。守护进程的钱包必须是它的控制地址之一。</translation>
    </message>
    <message>
        <source>Register</source>
        <translation>注册</translation>
    </message>
    <message>
        <source>Provider</source>
        <translation>提供者</translation>
    </message>
    <message>
        <source>Providers look like f01000</source>
        <translation>提供者形如 f01000</translation>
    </message>
    <message>
        <source>Bond now</source>
        <translation>当前保证金</translation>
    </message>
    <message>
        <source>Save the calendar as a picture</source>
        <translation>把日历保存为图片</translation>
    </message>
    <message>
        <source>PNG pictures (*.png)</source>
        <translation>PNG 图片 (*.png)</translation>
    </message>
    <message>
        <source>Save the calendar as a page</source>
        <translation>把日历保存为页面</translation>
    </message>
    <message>
        <source>PDF files (*.pdf)</source>
        <translation>PDF 文件 (*.pdf)</translation>
    </message>
</context>
<context>
    <name>CidLabel</name>
    <message>
        <source>CID</source>
        <translation>CID</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>What do you want to do?</source>
        <translation>你想做什么？</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Nothing is called like that</source>
        <translation>没有叫这个名字的</translation>
    </message>
</context>
<context>
    <name>ConfirmDialog</name>
    <message>
        <source>OK</source>
        <translation>确定</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>CopyButton</name>
    <message>
        <source>value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Copy %1</source>
        <translation>复制%1</translation>
    </message>
</context>
<context>
    <name>DaemonDialog</name>
    <message>
        <source>This machine</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>Add a daemon</source>
        <translation>添加守护进程</translation>
    </message>
    <message>
        <source>Change a daemon</source>
        <translation>修改守护进程</translation>
    </message>
    <message>
        <source>Save and connect</source>
        <translation>保存并连接</translation>
    </message>
    <message>
        <source>Where it is</source>
        <translation>它在哪里</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>在本机上</translation>
    </message>
    <message>
        <source>Somewhere else</source>
        <translation>在别处</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>as you call it</source>
        <translation>由你命名</translation>
    </message>
    <message>
        <source>Data folder</source>
        <translation>数据文件夹</translation>
    </message>
    <message>
        <source>Its address and its tokens are found there.</source>
        <translation>其地址和令牌都在那里。</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>as before</source>
        <translation>同以前</translation>
    </message>
    <message>
        <source>what stands in token.admin or token.read</source>
        <translation>token.admin 或 token.read 里的内容</translation>
    </message>
    <message>
        <source>Kept in a file that you alone can read.</source>
        <translation>保存在只有你能读取的文件里。</translation>
    </message>
    <message>
        <source>Certificate to trust</source>
        <translation>信任的证书</translation>
    </message>
    <message>
        <source>PEM file, where it is not signed by a known authority</source>
        <translation>PEM 文件（当不是由公认机构签发时）</translation>
    </message>
    <message>
        <source>Try it</source>
        <translation>试一试</translation>
    </message>
</context>
<context>
    <name>DaemonMenu</name>
    <message>
        <source>Try again now</source>
        <translation>现在重试</translation>
    </message>
    <message>
        <source>Find or start a daemon…</source>
        <translation>查找或启动守护进程…</translation>
    </message>
    <message>
        <source>Daemons in the settings</source>
        <translation>设置中的守护进程</translation>
    </message>
</context>
<context>
    <name>DaemonSettingRow</name>
    <message>
        <source>from the next start</source>
        <translation>下次启动起</translation>
    </message>
    <message>
        <source>; by default %1</source>
        <translation>；默认为 %1</translation>
    </message>
    <message>
        <source>; empty by default</source>
        <translation>；默认为空</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>空</translation>
    </message>
    <message>
        <source>Enter writes it down</source>
        <translation>按回车写入</translation>
    </message>
    <message>
        <source>Set %1 back to its default</source>
        <translation>把 %1 恢复为默认值</translation>
    </message>
</context>
<context>
    <name>DataTable</name>
    <message>
        <source>Table</source>
        <translation>表格</translation>
    </message>
    <message>
        <source>%1, sorted downwards</source>
        <translation>%1，降序</translation>
    </message>
    <message>
        <source>%1, sorted upwards</source>
        <translation>%1，升序</translation>
    </message>
    <message>
        <source>Choose columns</source>
        <translation>选择列</translation>
    </message>
    <message numerus="yes">
        <source>%n row(s)</source>
        <translation>
            <numerusform>%n 行</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DealsPage</name>
    <message>
        <source>left out</source>
        <translation>略过</translation>
    </message>
    <message>
        <source>Deals</source>
        <translation>交易</translation>
    </message>
    <message numerus="yes">
        <source>%n on the way</source>
        <translation>
            <numerusform>%n 笔在途</numerusform>
        </translation>
    </message>
    <message>
        <source>No deal yet</source>
        <translation>还没有交易</translation>
    </message>
    <message>
        <source>When your window opens, its pieces are given to your market and followed here until they are paid. Next: epoch %1, %2.</source>
        <translation>当你的窗口打开时，其数据块会交给你的市场，并在这里跟踪到付款为止。下一个：高度 %1，%2。</translation>
    </message>
    <message>
        <source>When a window of yours opens, its pieces are given to your market and followed here until they are paid.</source>
        <translation>当你的一个窗口打开时，其数据块会交给你的市场，并在这里跟踪到付款为止。</translation>
    </message>
    <message>
        <source>Is all ready?</source>
        <translation>都就绪了吗？</translation>
    </message>
    <message>
        <source>Slot calendar</source>
        <translation>时隙日历</translation>
    </message>
    <message>
        <source>Ask the contract, the market and the node whether the next window would go well</source>
        <translation>询问合约、市场和节点：下一个窗口能否顺利</translation>
    </message>
    <message>
        <source>On the way</source>
        <translation>在途</translation>
    </message>
    <message numerus="yes">
        <source>%n late</source>
        <translation>
            <numerusform>%n 笔迟延</numerusform>
        </translation>
    </message>
    <message>
        <source>Filter by provider, epoch, CID…</source>
        <translation>按提供者、高度、CID 筛选…</translation>
    </message>
    <message>
        <source>Paid</source>
        <translation>已付款</translation>
    </message>
    <message>
        <source>Failed or missed</source>
        <translation>失败或错过</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>Load older ones</source>
        <translation>加载更早的</translation>
    </message>
    <message>
        <source>Deal %1</source>
        <translation>交易 %1</translation>
    </message>
    <message>
        <source>Deal</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>piece %1 of slot %2 for %3</source>
        <translation>%3 的时隙 %2 的数据块 %1</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Try now</source>
        <translation>现在试</translation>
    </message>
    <message>
        <source>Save the evidence…</source>
        <translation>保存证据…</translation>
    </message>
    <message>
        <source>All that shows what became of this deal, in one file</source>
        <translation>把说明此交易经过的一切放进一个文件</translation>
    </message>
    <message>
        <source>Cancel the deal…</source>
        <translation>取消交易…</translation>
    </message>
    <message>
        <source>late</source>
        <translation>迟延</translation>
    </message>
    <message>
        <source>stored %1, by earlier deals</source>
        <translation>%1存储，按以前的交易估计</translation>
    </message>
    <message>
        <source>estimating when it will be stored</source>
        <translation>正在估算何时存储完成</translation>
    </message>
    <message>
        <source>Market</source>
        <translation>市场</translation>
    </message>
    <message>
        <source>Deal there</source>
        <translation>市场里的交易</translation>
    </message>
    <message>
        <source>It says</source>
        <translation>市场的说法</translation>
    </message>
    <message>
        <source>Sector</source>
        <translation>扇区</translation>
    </message>
    <message>
        <source>Piece CID</source>
        <translation>数据块 CID</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>%1 padded to %2</source>
        <translation>%1，填充后 %2</translation>
    </message>
    <message>
        <source>Snapshot of</source>
        <translation>快照高度</translation>
    </message>
    <message>
        <source>epoch %1, %2</source>
        <translation>高度 %1，%2</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 至 %2</translation>
    </message>
    <message>
        <source>All that happened</source>
        <translation>发生过的一切</translation>
    </message>
    <message>
        <source>Is all ready for the next window?</source>
        <translation>下一个窗口一切就绪了吗？</translation>
    </message>
    <message>
        <source>Asking the contract, the market and the node…</source>
        <translation>正在询问合约、市场和节点…</translation>
    </message>
    <message>
        <source>Nothing stands in the way</source>
        <translation>没有任何阻碍</translation>
    </message>
    <message>
        <source>A deal would fail as it is now</source>
        <translation>照现在的样子，交易会失败</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>再看一次</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>not ready</source>
        <translation>未就绪</translation>
    </message>
    <message>
        <source>no window</source>
        <translation>没有窗口</translation>
    </message>
    <message>
        <source>opens %1</source>
        <translation>%1打开</translation>
    </message>
    <message>
        <source>Take this deal back?</source>
        <translation>撤回这笔交易？</translation>
    </message>
    <message>
        <source>It is taken back from the market too, where that can be done. A window whose snapshot is not stored counts as missed.</source>
        <translation>在可能的情况下也从市场撤回。快照未存储的窗口算作错过。</translation>
    </message>
    <message>
        <source>Take it back</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>保留它</translation>
    </message>
    <message>
        <source>Save the evidence of this deal</source>
        <translation>保存此交易的证据</translation>
    </message>
    <message>
        <source>JSON files (*.json)</source>
        <translation>JSON 文件 (*.json)</translation>
    </message>
    <message>
        <source>closes %1</source>
        <translation>%1关闭</translation>
    </message>
</context>
<context>
    <name>DevicesPage</name>
    <message>
        <source>Devices</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>%1 hashes</source>
        <translation>由 %1 计算</translation>
    </message>
    <message>
        <source>No device that hashes</source>
        <translation>没有可用的计算设备</translation>
    </message>
    <message>
        <source>The daemon names none, which should not be: the portable kernels run on any CPU.</source>
        <translation>守护进程没有列出任何设备，这不应该：可移植内核在任何 CPU 上都能运行。</translation>
    </message>
    <message>
        <source>Timing…</source>
        <translation>正在测速…</translation>
    </message>
    <message>
        <source>Test and time all</source>
        <translation>自检并测速</translation>
    </message>
    <message>
        <source>Each device hashes known vectors, then as quickly as it can for a moment</source>
        <translation>每个设备先计算已知向量，再全速运行片刻</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>not here</source>
        <translation>不在这里</translation>
    </message>
    <message>
        <source>hashes rightly</source>
        <translation>计算正确</translation>
    </message>
    <message>
        <source>hashes wrongly</source>
        <translation>计算错误</translation>
    </message>
    <message>
        <source>%1 GiB/s</source>
        <translation>%1 GiB/s</translation>
    </message>
    <message>
        <source>not timed yet</source>
        <translation>尚未测速</translation>
    </message>
    <message>
        <source>Timed before</source>
        <translation>以前的测速</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清空</translation>
    </message>
    <message>
        <source>What “Test and time all” finds is kept here, so that a change for the worse shows.</source>
        <translation>“自检并测速”的结果保存在这里，以便看出变慢。</translation>
    </message>
</context>
<context>
    <name>DropField</name>
    <message>
        <source>Drop a CAR file here, or choose one</source>
        <translation>把 CAR 文件拖到这里，或选择一个</translation>
    </message>
    <message>
        <source>.car, .car.zst or .forest.car.zst, of any size; memory stays small</source>
        <translation>.car、.car.zst 或 .forest.car.zst，大小不限；内存占用很小</translation>
    </message>
</context>
<context>
    <name>DropVeil</name>
    <message>
        <source>Drop it to check its piece commitment</source>
        <translation>松开即可检查其数据块承诺</translation>
    </message>
    <message>
        <source>.car, .car.zst or .forest.car.zst; nothing leaves this machine</source>
        <translation>.car、.car.zst 或 .forest.car.zst；数据不会离开本机</translation>
    </message>
</context>
<context>
    <name>EmptyState</name>
    <message>
        <source>command</source>
        <translation>命令</translation>
    </message>
</context>
<context>
    <name>Field</name>
    <message>
        <source>Clear %1</source>
        <translation>清空%1</translation>
    </message>
</context>
<context>
    <name>FilterChip</name>
    <message numerus="yes">
        <source>%1, %n entry(ies)</source>
        <translation>
            <numerusform>%1，%n 项</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LogPage</name>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message numerus="yes">
        <source>%n line(s)</source>
        <translation>
            <numerusform>%n 行</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n line(s)</source>
        <translation>
            <numerusform>显示 %1 行，共 %n 行</numerusform>
        </translation>
    </message>
    <message>
        <source>Save a diagnostic bundle…</source>
        <translation>保存诊断包…</translation>
    </message>
    <message>
        <source>Versions, state, settings, jobs and log in one file; tokens, keys and passwords are left out</source>
        <translation>版本、状态、设置、任务和日志放进一个文件；令牌、密钥和密码会被去掉</translation>
    </message>
    <message>
        <source>Filter the messages</source>
        <translation>筛选消息</translation>
    </message>
    <message>
        <source>Least level</source>
        <translation>最低级别</translation>
    </message>
    <message>
        <source>Least level that is shown</source>
        <translation>显示的最低级别</translation>
    </message>
    <message>
        <source>debug</source>
        <translation>调试</translation>
    </message>
    <message>
        <source>info</source>
        <translation>信息</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Module</source>
        <translation>模块</translation>
    </message>
    <message>
        <source>Part of the daemon that said it</source>
        <translation>说话的守护进程部件</translation>
    </message>
    <message>
        <source>all modules</source>
        <translation>全部模块</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>跟随</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the chosen lines</source>
        <translation>复制选中的行</translation>
    </message>
    <message>
        <source>Copy with context</source>
        <translation>连同上下文复制</translation>
    </message>
    <message>
        <source>Copy the line with ten before and ten after it</source>
        <translation>复制该行及其前后各十行</translation>
    </message>
    <message>
        <source>Nothing was said yet</source>
        <translation>还没有日志</translation>
    </message>
    <message>
        <source>No line fits the filter</source>
        <translation>没有符合筛选的行</translation>
    </message>
    <message>
        <source>What the daemon logs from now on stands here.</source>
        <translation>从现在起守护进程的日志显示在这里。</translation>
    </message>
    <message numerus="yes">
        <source>Of %n line(s) that are kept.</source>
        <translation>
            <numerusform>共保留 %n 行。</numerusform>
        </translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>To the newest</source>
        <translation>到最新</translation>
    </message>
    <message>
        <source>Save a diagnostic bundle</source>
        <translation>保存诊断包</translation>
    </message>
    <message>
        <source>JSON files (*.json)</source>
        <translation>JSON 文件 (*.json)</translation>
    </message>
</context>
<context>
    <name>Main</name>
    <message>
        <source>Overview</source>
        <translation>总览</translation>
    </message>
    <message>
        <source>Slot calendar</source>
        <translation>时隙日历</translation>
    </message>
    <message>
        <source>Snapshots</source>
        <translation>快照</translation>
    </message>
    <message>
        <source>Deals</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>Payouts</source>
        <translation>付款</translation>
    </message>
    <message>
        <source>commP verifier</source>
        <translation>commP 校验</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>fil-fil</source>
        <translation>fil-fil</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Find a command</source>
        <translation>查找命令</translation>
    </message>
    <message>
        <source>Daemon connected</source>
        <translation>守护进程已连接</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>No daemon</source>
        <translation>没有守护进程</translation>
    </message>
    <message>
        <source>Daemon lost</source>
        <translation>守护进程失联</translation>
    </message>
    <message>
        <source>read only</source>
        <translation>只读</translation>
    </message>
    <message>
        <source>Asking…</source>
        <translation>正在询问…</translation>
    </message>
    <message>
        <source>Synced</source>
        <translation>已同步</translation>
    </message>
    <message>
        <source>Slot %1</source>
        <translation>时隙 %1</translation>
    </message>
    <message>
        <source>Go to %1</source>
        <translation>转到%1</translation>
    </message>
    <message>
        <source>Take a snapshot now</source>
        <translation>立即生成快照</translation>
    </message>
    <message>
        <source>Check whether all is ready for the next window</source>
        <translation>检查下一个窗口是否一切就绪</translation>
    </message>
    <message>
        <source>See what can be claimed</source>
        <translation>查看可以领取什么</translation>
    </message>
    <message>
        <source>Check a file&apos;s piece commitment</source>
        <translation>检查文件的数据块承诺</translation>
    </message>
    <message>
        <source>Time all devices</source>
        <translation>给全部设备测速</translation>
    </message>
    <message>
        <source>Save a diagnostic bundle</source>
        <translation>保存诊断包</translation>
    </message>
    <message>
        <source>Load everything again</source>
        <translation>全部重新加载</translation>
    </message>
    <message>
        <source>Find, start or change the daemon</source>
        <translation>查找、启动或更换守护进程</translation>
    </message>
    <message>
        <source>Dark theme</source>
        <translation>深色主题</translation>
    </message>
    <message>
        <source>Light theme</source>
        <translation>浅色主题</translation>
    </message>
    <message>
        <source>Theme of the system</source>
        <translation>系统的主题</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>各处</translation>
    </message>
    <message>
        <source>Filter the page</source>
        <translation>筛选本页</translation>
    </message>
    <message>
        <source>Load again</source>
        <translation>重新加载</translation>
    </message>
    <message>
        <source>This sheet</source>
        <translation>此表</translation>
    </message>
    <message>
        <source>Next control</source>
        <translation>下一个控件</translation>
    </message>
    <message>
        <source>Close what is open</source>
        <translation>关闭打开的内容</translation>
    </message>
    <message>
        <source>Quit; the daemon goes on</source>
        <translation>退出；守护进程继续运行</translation>
    </message>
    <message>
        <source>Tables</source>
        <translation>表格</translation>
    </message>
    <message>
        <source>Next row</source>
        <translation>下一行</translation>
    </message>
    <message>
        <source>First and last row</source>
        <translation>第一行与最后一行</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>回车</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Copy the row</source>
        <translation>复制该行</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Slot before and after</source>
        <translation>前一个与后一个时隙</translation>
    </message>
    <message>
        <source>Earlier and later</source>
        <translation>更早与更晚</translation>
    </message>
    <message>
        <source>Details of the slot</source>
        <translation>时隙详情</translation>
    </message>
    <message>
        <source>Quit; the demo ends</source>
        <translation>退出；演示随之结束</translation>
    </message>
</context>
<context>
    <name>MonthBars</name>
    <message>
        <source>Earned by month</source>
        <translation>每月所得</translation>
    </message>
</context>
<context>
    <name>OverviewPage</name>
    <message>
        <source>Overview</source>
        <translation>总览</translation>
    </message>
    <message>
        <source>Tipset</source>
        <translation>Tipset</translation>
    </message>
    <message>
        <source>Snapshot</source>
        <translation>快照</translation>
    </message>
    <message>
        <source>commP</source>
        <translation>commP</translation>
    </message>
    <message>
        <source>Deal</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>Sealing</source>
        <translation>封装</translation>
    </message>
    <message>
        <source>Proven</source>
        <translation>已证明</translation>
    </message>
    <message>
        <source>Claim</source>
        <translation>领取</translation>
    </message>
    <message>
        <source>Payout</source>
        <translation>付款</translation>
    </message>
    <message>
        <source>Your next slot</source>
        <translation>你的下一个时隙</translation>
    </message>
    <message>
        <source>Not set up</source>
        <translation>未设置</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>还没有</translation>
    </message>
    <message>
        <source>Open now</source>
        <translation>现已打开</translation>
    </message>
    <message>
        <source>No contract is set</source>
        <translation>没有设置合约</translation>
    </message>
    <message>
        <source>%1 · epoch %2</source>
        <translation>%1 · 高度 %2</translation>
    </message>
    <message numerus="yes">
        <source>Nothing within %n day(s)</source>
        <translation>
            <numerusform>%n 天之内没有</numerusform>
        </translation>
    </message>
    <message>
        <source>Current window</source>
        <translation>当前窗口</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>已关闭</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 至 %2</translation>
    </message>
    <message>
        <source>Own windows show here</source>
        <translation>自己的窗口显示在这里</translation>
    </message>
    <message>
        <source>Hit rate, 30 days</source>
        <translation>命中率（30 天）</translation>
    </message>
    <message>
        <source>No window was judged yet</source>
        <translation>还没有判定过的窗口</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n window(s)</source>
        <translation>
            <numerusform>%n 个窗口中的 %1 个</numerusform>
        </translation>
    </message>
    <message>
        <source>To be claimed</source>
        <translation>可领取</translation>
    </message>
    <message>
        <source>%1 earned so far</source>
        <translation>至今赚得 %1</translation>
    </message>
    <message>
        <source>From the chain to the payment</source>
        <translation>从链到付款</translation>
    </message>
    <message>
        <source>Snapshot of epoch %1: %2</source>
        <translation>高度 %1 的快照：%2</translation>
    </message>
    <message>
        <source>Chain</source>
        <translation>链</translation>
    </message>
    <message numerus="yes">
        <source>%n epoch(s) behind</source>
        <translation>
            <numerusform>落后 %n 个高度</numerusform>
        </translation>
    </message>
    <message>
        <source>Head</source>
        <translation>链头</translation>
    </message>
    <message>
        <source>In step with it</source>
        <translation>已同步到</translation>
    </message>
    <message numerus="yes">
        <source>%1, %n epoch(s) behind</source>
        <translation>
            <numerusform>%1，落后 %n 个高度</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, up to date</source>
        <translation>%1，已是最新</translation>
    </message>
    <message>
        <source>Final</source>
        <translation>最终</translation>
    </message>
    <message>
        <source>not known yet</source>
        <translation>尚不知道</translation>
    </message>
    <message numerus="yes">
        <source>%1, %n epoch(s) back</source>
        <translation>
            <numerusform>%1，落后 %n 个高度</numerusform>
        </translation>
    </message>
    <message>
        <source>Node</source>
        <translation>节点</translation>
    </message>
    <message>
        <source>Time to take in a head change</source>
        <translation>应用链头变化所需时间</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 毫秒</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>enough</source>
        <translation>充足</translation>
    </message>
    <message>
        <source>full</source>
        <translation>已满</translation>
    </message>
    <message>
        <source>tight</source>
        <translation>紧张</translation>
    </message>
    <message>
        <source>Forecast</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>full in %1</source>
        <translation>%1后满</translation>
    </message>
    <message>
        <source>does not grow towards its limit</source>
        <translation>没有向上限增长</translation>
    </message>
    <message>
        <source>Blocks held</source>
        <translation>持有的区块</translation>
    </message>
    <message>
        <source>Their bytes</source>
        <translation>其字节数</translation>
    </message>
    <message>
        <source>Holds</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Memory of the daemon</source>
        <translation>守护进程的内存</translation>
    </message>
    <message>
        <source>Alerts</source>
        <translation>警报</translation>
    </message>
    <message>
        <source>Nothing needs a hand.</source>
        <translation>没有需要处理的事。</translation>
    </message>
    <message>
        <source>Unmute</source>
        <translation>取消静音</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>静音</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>What happened last</source>
        <translation>最近发生的事</translation>
    </message>
    <message>
        <source>Nothing since this window was opened.</source>
        <translation>自窗口打开以来没有发生什么。</translation>
    </message>
    <message>
        <source>The next at %1</source>
        <translation>下一个：%1</translation>
    </message>
    <message>
        <source>blocks</source>
        <translation>区块</translation>
    </message>
    <message>
        <source>other</source>
        <translation>其他</translation>
    </message>
</context>
<context>
    <name>PageFrame</name>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Connecting to the daemon</source>
        <translation>正在连接守护进程</translation>
    </message>
    <message>
        <source>No daemon</source>
        <translation>没有守护进程</translation>
    </message>
    <message>
        <source>All that is shown here comes from a fil-fil daemon, on this machine or another one.</source>
        <translation>这里显示的一切都来自 fil-fil 守护进程，在本机或别的机器上。</translation>
    </message>
    <message>
        <source>Find or start one…</source>
        <translation>查找或启动…</translation>
    </message>
    <message>
        <source>Not set up yet</source>
        <translation>尚未设置</translation>
    </message>
    <message>
        <source>Nothing could be loaded</source>
        <translation>什么也没能加载</translation>
    </message>
    <message>
        <source>What stands above says why. It is tried again when the daemon says that something changed.</source>
        <translation>上面说明了原因。守护进程报告有变化时会再试。</translation>
    </message>
    <message>
        <source>Open the settings</source>
        <translation>打开设置</translation>
    </message>
</context>
<context>
    <name>PayoutsPage</name>
    <message>
        <source>Payouts</source>
        <translation>付款</translation>
    </message>
    <message>
        <source>wallet: %1</source>
        <translation>钱包：%1</translation>
    </message>
    <message>
        <source>Nothing was earned yet</source>
        <translation>还没有收入</translation>
    </message>
    <message>
        <source>The contract pays for each piece of a snapshot that stays in a sector. What your providers hold shows here as soon as the first one is stored.</source>
        <translation>快照的每个数据块只要留在扇区里，合约就为它付款。第一个存储完成后，你的提供者持有的内容就显示在这里。</translation>
    </message>
    <message>
        <source>Slot calendar</source>
        <translation>时隙日历</translation>
    </message>
    <message>
        <source>Save as CSV…</source>
        <translation>保存为 CSV…</translation>
    </message>
    <message>
        <source>Save all holdings as CSV</source>
        <translation>把全部持有保存为 CSV</translation>
    </message>
    <message>
        <source>Claim…</source>
        <translation>领取…</translation>
    </message>
    <message>
        <source>See what can be claimed; nothing is sent before you say so</source>
        <translation>查看可以领取什么；在你同意之前不会发送任何东西</translation>
    </message>
    <message>
        <source>Earned so far</source>
        <translation>至今赚得</translation>
    </message>
    <message>
        <source>credited by the contract</source>
        <translation>已由合约入账</translation>
    </message>
    <message>
        <source>To come</source>
        <translation>待支付</translation>
    </message>
    <message>
        <source>while the sectors live</source>
        <translation>只要扇区存活</translation>
    </message>
    <message>
        <source>At risk</source>
        <translation>有风险</translation>
    </message>
    <message>
        <source>see the column At risk</source>
        <translation>见“有风险”一列</translation>
    </message>
    <message>
        <source>nothing that is known of</source>
        <translation>没有已知的</translation>
    </message>
    <message>
        <source>To be claimed</source>
        <translation>可领取</translation>
    </message>
    <message>
        <source>press to see what it costs</source>
        <translation>按下查看费用</translation>
    </message>
    <message>
        <source>all was taken</source>
        <translation>已全部领取</translation>
    </message>
    <message>
        <source>Earned by month</source>
        <translation>每月所得</translation>
    </message>
    <message>
        <source>On the chain now</source>
        <translation>正在上链</translation>
    </message>
    <message>
        <source>Providers</source>
        <translation>提供者</translation>
    </message>
    <message>
        <source>transaction hash</source>
        <translation>交易哈希</translation>
    </message>
    <message>
        <source>Filter by provider, slot, state…</source>
        <translation>按提供者、时隙、状态筛选…</translation>
    </message>
    <message>
        <source>Holdings</source>
        <translation>持有</translation>
    </message>
    <message>
        <source>Claim</source>
        <translation>领取</translation>
    </message>
    <message>
        <source>The contract is asked; this can take a while.</source>
        <translation>正在询问合约，可能需要一会儿。</translation>
    </message>
    <message>
        <source>This is what would be done. Nothing was sent yet.</source>
        <translation>这是将要做的事，还没有发送任何东西。</translation>
    </message>
    <message>
        <source>This is what was done.</source>
        <translation>这是已经做的事。</translation>
    </message>
    <message>
        <source>Send it</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>再看一次</translation>
    </message>
    <message>
        <source>Would come in</source>
        <translation>将到账</translation>
    </message>
    <message>
        <source>Came in</source>
        <translation>已到账</translation>
    </message>
    <message>
        <source>Would be settled</source>
        <translation>将结算</translation>
    </message>
    <message>
        <source>Settled</source>
        <translation>已结算</translation>
    </message>
    <message>
        <source>Still to come</source>
        <translation>尚待支付</translation>
    </message>
    <message>
        <source>Gas</source>
        <translation>Gas</translation>
    </message>
    <message>
        <source>Pieces held</source>
        <translation>持有的数据块</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Withdraw %1 for %2</source>
        <translation>为 %2 提取 %1</translation>
    </message>
    <message>
        <source>Activate piece %1 of slot %2</source>
        <translation>激活时隙 %2 的数据块 %1</translation>
    </message>
    <message>
        <source>Settle piece %1 of slot %2: %3</source>
        <translation>结算时隙 %2 的数据块 %1：%3</translation>
    </message>
    <message>
        <source>gas %1</source>
        <translation>Gas %1</translation>
    </message>
    <message>
        <source>There is nothing to be claimed.</source>
        <translation>没有可领取的。</translation>
    </message>
    <message>
        <source>Send these transactions?</source>
        <translation>发送这些交易？</translation>
    </message>
    <message>
        <source>%1 goes to the owners of your providers; the gas of about %2 is paid by the daemon&apos;s wallet.</source>
        <translation>%1 将付给你的存储提供者的所有者；约 %2 的 Gas 由守护进程的钱包支付。</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Save all holdings</source>
        <translation>保存全部持有</translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation>CSV 文件 (*.csv)</translation>
    </message>
    <message>
        <source>Bond</source>
        <translation>保证金</translation>
    </message>
    <message>
        <source>Misses in a row</source>
        <translation>连续错过</translation>
    </message>
</context>
<context>
    <name>PieceCheck</name>
    <message>
        <source>it names a sealed sector (CommR), not the data that was sealed</source>
        <translation>它指向已封装的扇区（CommR），而不是被封装的数据</translation>
    </message>
    <message>
        <source>it names a file or folder as IPFS does: a data CID, often the root of a CAR</source>
        <translation>它像 IPFS 那样指向文件或文件夹：是数据 CID，常是 CAR 的根</translation>
    </message>
    <message>
        <source>it names a block, such as the root of a CAR: a data CID</source>
        <translation>它指向一个区块，例如 CAR 的根：是数据 CID</translation>
    </message>
    <message>
        <source>it names a raw block: a data CID</source>
        <translation>它指向一个原始区块：是数据 CID</translation>
    </message>
    <message>
        <source>The file is too short: the piece has %1 bytes, and it has %2</source>
        <translation>文件太短：数据块有 %1 字节，而它有 %2</translation>
    </message>
    <message>
        <source>The file is too long: the piece has %1 bytes, and it has %2</source>
        <translation>文件太长：数据块有 %1 字节，而它有 %2</translation>
    </message>
    <message>
        <source>The file is as long as the piece, and its bytes are others</source>
        <translation>文件与数据块一样长，但字节不同</translation>
    </message>
    <message>
        <source>This is too long for a CID</source>
        <translation>作为 CID 太长了</translation>
    </message>
</context>
<context>
    <name>ProgressLine</name>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>%1 percent</source>
        <translation>百分之 %1</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>还剩 %1</translation>
    </message>
    <message>
        <source>estimating</source>
        <translation>正在估算</translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Which settings</source>
        <translation>哪些设置</translation>
    </message>
    <message>
        <source>Desktop</source>
        <translation>桌面</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>通知</translation>
    </message>
    <message>
        <source>Daemons</source>
        <translation>守护进程</translation>
    </message>
    <message>
        <source>This daemon</source>
        <translation>此守护进程</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Dark, light, or as the system has it.</source>
        <translation>深色、浅色，或跟随系统。</translation>
    </message>
    <message>
        <source>System</source>
        <translation>系统</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>All words of this program; the daemon&apos;s own sentences are English.</source>
        <translation>本程序的全部文字；守护进程自己的句子是英文。</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Reduced motion</source>
        <translation>减少动态效果</translation>
    </message>
    <message>
        <source>Nothing moves by itself.</source>
        <translation>没有任何东西自己移动。</translation>
    </message>
    <message>
        <source>Times in UTC</source>
        <translation>使用 UTC 时间</translation>
    </message>
    <message>
        <source>Else in this machine&apos;s time zone.</source>
        <translation>否则使用本机时区。</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>Stay in the tray when closed</source>
        <translation>关闭时留在托盘</translation>
    </message>
    <message>
        <source>The daemon goes on either way; with the tray, notifications do, too.</source>
        <translation>守护进程总会继续运行；有托盘时通知也继续。</translation>
    </message>
    <message>
        <source>Set-up</source>
        <translation>设置向导</translation>
    </message>
    <message>
        <source>Find or start a daemon, step by step.</source>
        <translation>一步一步地查找或启动守护进程。</translation>
    </message>
    <message>
        <source>Open the set-up…</source>
        <translation>打开设置向导…</translation>
    </message>
    <message>
        <source>Everything as at the first start</source>
        <translation>恢复到首次启动</translation>
    </message>
    <message>
        <source>Forgets what this window was told, its daemons and their tokens. Daemons and their data stay as they are.</source>
        <translation>忘记此窗口被告知的内容、其守护进程及令牌。守护进程及其数据保持不变。</translation>
    </message>
    <message>
        <source>Reset…</source>
        <translation>重置…</translation>
    </message>
    <message>
        <source>fil-fil %1</source>
        <translation>fil-fil %1</translation>
    </message>
    <message>
        <source>Tell me when</source>
        <translation>在以下时候通知我</translation>
    </message>
    <message>
        <source>A window of mine opens in ten minutes</source>
        <translation>我的一个窗口将在十分钟后打开</translation>
    </message>
    <message>
        <source>In time to see that the market is up.</source>
        <translation>来得及看看市场是否在线。</translation>
    </message>
    <message>
        <source>A window of mine is open</source>
        <translation>我的一个窗口已打开</translation>
    </message>
    <message>
        <source>The snapshot can be stored now.</source>
        <translation>现在可以存储快照了。</translation>
    </message>
    <message>
        <source>A market took a deal</source>
        <translation>市场接受了一笔交易</translation>
    </message>
    <message>
        <source>The piece is on its way into a sector.</source>
        <translation>数据块正在进入扇区。</translation>
    </message>
    <message>
        <source>A window was missed</source>
        <translation>错过了一个窗口</translation>
    </message>
    <message>
        <source>It closed and the contract does not have the piece.</source>
        <translation>窗口已关闭，合约里没有该数据块。</translation>
    </message>
    <message>
        <source>The contract paid</source>
        <translation>合约已付款</translation>
    </message>
    <message>
        <source>Something was credited to one of my providers.</source>
        <translation>我的一个提供者有款项入账。</translation>
    </message>
    <message>
        <source>The daemon is lost</source>
        <translation>守护进程失联</translation>
    </message>
    <message>
        <source>It does not answer any more.</source>
        <translation>它不再应答。</translation>
    </message>
    <message>
        <source>No daemon is known yet</source>
        <translation>还不知道任何守护进程</translation>
    </message>
    <message>
        <source>One of this machine is found by its data folder; one elsewhere needs its address over TLS and a token.</source>
        <translation>本机的守护进程通过数据文件夹找到；别处的需要 TLS 地址和令牌。</translation>
    </message>
    <message>
        <source>Add one…</source>
        <translation>添加…</translation>
    </message>
    <message>
        <source>Daemon</source>
        <translation>守护进程</translation>
    </message>
    <message>
        <source>connected</source>
        <translation>已连接</translation>
    </message>
    <message>
        <source>not connected</source>
        <translation>未连接</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Connect to %1</source>
        <translation>连接到 %1</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>修改…</translation>
    </message>
    <message>
        <source>Remove %1 from the list</source>
        <translation>从列表移除 %1</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Data folder</source>
        <translation>数据文件夹</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Add a daemon…</source>
        <translation>添加守护进程…</translation>
    </message>
    <message>
        <source>Some changes have effect when the daemon is started anew</source>
        <translation>有些改动在守护进程重新启动后生效</translation>
    </message>
    <message>
        <source>They are written down already; those are marked below.</source>
        <translation>它们已经写入；在下面有标记。</translation>
    </message>
    <message>
        <source>The token of this daemon lets you look and not change anything.</source>
        <translation>此守护进程的令牌只允许查看，不能修改。</translation>
    </message>
    <message>
        <source>Filter the settings</source>
        <translation>筛选设置</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>已改动</translation>
    </message>
    <message>
        <source>Settings of the daemon</source>
        <translation>守护进程的设置</translation>
    </message>
    <message>
        <source>No setting fits the filter</source>
        <translation>没有符合筛选的设置</translation>
    </message>
    <message>
        <source>Forget everything that this window was told?</source>
        <translation>忘记此窗口被告知的一切？</translation>
    </message>
    <message>
        <source>Theme, columns, window, daemons and saved tokens. Daemons and their data stay as they are.</source>
        <translation>主题、列、窗口、守护进程和保存的令牌。守护进程及其数据保持不变。</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>重置</translation>
    </message>
    <message>
        <source>Remove %1 from the list?</source>
        <translation>从列表移除 %1？</translation>
    </message>
    <message>
        <source>The daemon and its data stay as they are.</source>
        <translation>守护进程及其数据保持不变。</translation>
    </message>
    <message>
        <source>The token that was kept for it is deleted.</source>
        <translation>为它保存的令牌会被删除。</translation>
    </message>
    <message>
        <source>This window is connected to it, and leaves it.</source>
        <translation>本窗口正连接着它，会断开。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
</context>
<context>
    <name>Sheet</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Put away</source>
        <translation>收起</translation>
    </message>
</context>
<context>
    <name>ShortcutSheet</name>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>Everything can be done without a mouse.</source>
        <translation>一切都可以不用鼠标完成。</translation>
    </message>
</context>
<context>
    <name>SkeletonRows</name>
    <message>
        <source>Loading</source>
        <translation>正在加载</translation>
    </message>
</context>
<context>
    <name>SlotCalendar</name>
    <message>
        <source>Slot calendar of fil-fil, made %1 %2</source>
        <translation>fil-fil 的时隙日历，制作于 %1 %2</translation>
    </message>
    <message>
        <source>Future</source>
        <translation>未来</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Building</source>
        <translation>生成中</translation>
    </message>
    <message>
        <source>Deal published</source>
        <translation>交易已发布</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>已存储</translation>
    </message>
    <message>
        <source>Paid</source>
        <translation>已付款</translation>
    </message>
    <message>
        <source>Missed</source>
        <translation>错过</translation>
    </message>
    <message>
        <source>Disputed</source>
        <translation>有争议</translation>
    </message>
    <message>
        <source>Reassigned</source>
        <translation>已转派</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>已跳过</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>ahead</source>
        <comment>a window in the future, in a small box</comment>
        <translation>在前面</translation>
    </message>
    <message>
        <source>open</source>
        <comment>a window, in a small box</comment>
        <translation>打开</translation>
    </message>
    <message>
        <source>build</source>
        <comment>a window whose snapshot is being made, in a small box</comment>
        <translation>生成</translation>
    </message>
    <message>
        <source>deal</source>
        <comment>a window whose deal is published, in a small box</comment>
        <translation>交易</translation>
    </message>
    <message>
        <source>stored</source>
        <comment>a window, in a small box</comment>
        <translation>已存储</translation>
    </message>
    <message>
        <source>paid</source>
        <comment>a window, in a small box</comment>
        <translation>已付款</translation>
    </message>
    <message>
        <source>miss</source>
        <comment>a window that was missed, in a small box</comment>
        <translation>错过</translation>
    </message>
    <message>
        <source>disp.</source>
        <comment>a window whose snapshot is disputed, in a small box</comment>
        <translation>争议</translation>
    </message>
    <message>
        <source>other</source>
        <comment>a window that another provider has now, in a small box</comment>
        <translation>其他</translation>
    </message>
    <message>
        <source>skip</source>
        <comment>a window that is left out, in a small box</comment>
        <translation>跳过</translation>
    </message>
    <message>
        <source>over</source>
        <comment>a window that has ended, in a small box</comment>
        <translation>已结束</translation>
    </message>
    <message>
        <source>?</source>
        <comment>a window of which nothing is known, in a small box</comment>
        <translation>？</translation>
    </message>
    <message>
        <source>1 day</source>
        <translation>1 天</translation>
    </message>
    <message numerus="yes">
        <source>%n days</source>
        <translation>
            <numerusform>%n 天</numerusform>
        </translation>
    </message>
    <message>
        <source>1 hour</source>
        <translation>1 小时</translation>
    </message>
    <message numerus="yes">
        <source>%n hours</source>
        <translation>
            <numerusform>%n 小时</numerusform>
        </translation>
    </message>
    <message>
        <source>1 minute</source>
        <translation>1 分钟</translation>
    </message>
    <message numerus="yes">
        <source>%n minutes</source>
        <translation>
            <numerusform>%n 分钟</numerusform>
        </translation>
    </message>
    <message>
        <source>1 second</source>
        <translation>1 秒</translation>
    </message>
    <message numerus="yes">
        <source>%n seconds</source>
        <translation>
            <numerusform>%n 秒</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 d %2 h</source>
        <translation>%1 天 %2 小时</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>Slot %1</source>
        <translation>时隙 %1</translation>
    </message>
    <message>
        <source>Slot</source>
        <translation>时隙</translation>
    </message>
    <message>
        <source>yours</source>
        <translation>你的</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 至 %2</translation>
    </message>
    <message>
        <source>%1 percent</source>
        <translation>百分之 %1</translation>
    </message>
    <message>
        <source>in %1</source>
        <translation>%1后</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>还剩 %1</translation>
    </message>
    <message>
        <source>ended %1 ago</source>
        <translation>%1前结束</translation>
    </message>
    <message>
        <source>%1, %2 to %3</source>
        <translation>%1，%2 至 %3</translation>
    </message>
    <message>
        <source>1 window</source>
        <translation>1 个窗口</translation>
    </message>
    <message numerus="yes">
        <source>%n windows</source>
        <translation>
            <numerusform>%n 个窗口</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of them yours</source>
        <translation>其中 %1 个是你的</translation>
    </message>
    <message>
        <source>your next window opens in %1</source>
        <translation>你的下一个窗口在%1后打开</translation>
    </message>
    <message>
        <source>%1 of %2 stored</source>
        <translation>已存储 %1 / %2</translation>
    </message>
    <message>
        <source>%1/%2</source>
        <comment>hits of windows</comment>
        <translation>%1/%2</translation>
    </message>
    <message numerus="yes">
        <source>%n ahead</source>
        <translation>
            <numerusform>%n 个在前面</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>a number and a state: 3 paid</comment>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>14 days</source>
        <translation>14 天</translation>
    </message>
    <message>
        <source>epoch</source>
        <translation>高度</translation>
    </message>
    <message>
        <source>No windows are known</source>
        <translation>不知道任何窗口</translation>
    </message>
    <message>
        <source>No windows in this week</source>
        <translation>这一周没有窗口</translation>
    </message>
    <message>
        <source>unknown provider</source>
        <translation>未知的提供者</translation>
    </message>
    <message>
        <source>you</source>
        <comment>beside the number of an own storage provider</comment>
        <translation>你</translation>
    </message>
    <message>
        <source>today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>%1 h</source>
        <comment>a day on which the clocks change</comment>
        <translation>%1 小时</translation>
    </message>
</context>
<context>
    <name>SlotLegendRow</name>
    <message>
        <source>Legend</source>
        <translation>图例</translation>
    </message>
</context>
<context>
    <name>SnapshotsPage</name>
    <message>
        <source>Snapshots</source>
        <translation>快照</translation>
    </message>
    <message numerus="yes">
        <source>%n taken</source>
        <translation>
            <numerusform>已生成 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>No snapshot yet</source>
        <translation>还没有快照</translation>
    </message>
    <message>
        <source>A snapshot is one CAR file with every header back to genesis and the state of the last epochs. The daemon has it in memory: taking one needs seconds.</source>
        <translation>快照是一个 CAR 文件，包含回到创世块的全部区块头和最近若干高度的状态。守护进程把它放在内存里：生成一个只需几秒。</translation>
    </message>
    <message>
        <source>Take one now…</source>
        <translation>现在生成一个…</translation>
    </message>
    <message>
        <source>Take a snapshot…</source>
        <translation>生成快照…</translation>
    </message>
    <message>
        <source>Snapshot of epoch %1</source>
        <translation>高度 %1 的快照</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Queued</source>
        <translation>排队中</translation>
    </message>
    <message>
        <source>Laying out</source>
        <translation>正在布局</translation>
    </message>
    <message>
        <source>Writing and hashing</source>
        <translation>正在写入和计算</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>What is shown</source>
        <translation>显示什么</translation>
    </message>
    <message>
        <source>Holds (%1)</source>
        <translation>保留（%1）</translation>
    </message>
    <message>
        <source>Schedules (%1)</source>
        <translation>计划（%1）</translation>
    </message>
    <message>
        <source>Filter by epoch, CID, path…</source>
        <translation>按高度、CID、路径筛选…</translation>
    </message>
    <message>
        <source>Add a schedule…</source>
        <translation>添加计划…</translation>
    </message>
    <message>
        <source>Hold an epoch…</source>
        <translation>保留一个高度…</translation>
    </message>
    <message>
        <source>Holds</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Schedules</source>
        <translation>计划</translation>
    </message>
    <message>
        <source>Load older ones</source>
        <translation>加载更早的</translation>
    </message>
    <message>
        <source>Snapshot</source>
        <translation>快照</translation>
    </message>
    <message>
        <source>taken %1</source>
        <translation>生成于 %1</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>校验</translation>
    </message>
    <message>
        <source>Hash its file again on the daemon&apos;s machine and compare</source>
        <translation>在守护进程的机器上重新计算其文件并比较</translation>
    </message>
    <message>
        <source>Compare with the staged</source>
        <translation>与已登记的比较</translation>
    </message>
    <message>
        <source>Find where its pieces part from those that the operator staged</source>
        <translation>找出其数据块与运营者登记的从哪里开始不同</translation>
    </message>
    <message>
        <source>Forget…</source>
        <translation>忘记…</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>%1 in %2 blocks</source>
        <translation>%1，共 %2 个区块</translation>
    </message>
    <message>
        <source>Recent state roots</source>
        <translation>最近状态根</translation>
    </message>
    <message>
        <source>Compression</source>
        <translation>压缩</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>Tipset</source>
        <translation>Tipset</translation>
    </message>
    <message>
        <source>block CID</source>
        <translation>区块 CID</translation>
    </message>
    <message>
        <source>Pieces</source>
        <translation>数据块</translation>
    </message>
    <message>
        <source>Piece %1: %2 padded to %3</source>
        <translation>数据块 %1：%2，填充到 %3</translation>
    </message>
    <message>
        <source>piece CID</source>
        <translation>数据块 CID</translation>
    </message>
    <message>
        <source>piece CID, version 2</source>
        <translation>数据块 CID，版本 2</translation>
    </message>
    <message>
        <source>How long it took</source>
        <translation>用时多久</translation>
    </message>
    <message>
        <source>Laid out</source>
        <translation>布局完成</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>Written and hashed</source>
        <translation>写入和计算完成</translation>
    </message>
    <message>
        <source>%1 s, %2</source>
        <translation>%1 秒，%2</translation>
    </message>
    <message>
        <source>Kept</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Against the one before, of epoch %1</source>
        <translation>与上一个（高度 %1）相比</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>高度</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>字节</translation>
    </message>
    <message>
        <source>Blocks</source>
        <translation>区块</translation>
    </message>
    <message>
        <source>Forget this snapshot?</source>
        <translation>忘记这个快照？</translation>
    </message>
    <message>
        <source>Its files are deleted and its hold is released, which frees %1. What was hashed stays known, so taking it again costs no hashing while its epoch is kept.</source>
        <translation>将删除其文件并释放保留，腾出 %1。已计算的结果会记住，因此在其高度仍被保留期间重新生成不需要再计算。</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>忘记</translation>
    </message>
    <message>
        <source>Release hold %1?</source>
        <translation>释放保留 %1？</translation>
    </message>
    <message>
        <source>State and messages below epoch %1 are then kept no longer than the window.</source>
        <translation>高度 %1 之下的状态和消息此后只按窗口保留。</translation>
    </message>
    <message>
        <source>Only holds that somebody asked for can be released; this one goes with what it is there for.</source>
        <translation>只能释放由人请求的保留；这一个随其用途一同消失。</translation>
    </message>
    <message>
        <source>Release</source>
        <translation>释放</translation>
    </message>
    <message>
        <source>Remove this schedule?</source>
        <translation>移除这个计划？</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Take a snapshot</source>
        <translation>生成快照</translation>
    </message>
    <message>
        <source>What is left as it is follows the daemon&apos;s settings.</source>
        <translation>未改动的项按守护进程的设置。</translation>
    </message>
    <message>
        <source>Take it</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>Which tipset</source>
        <translation>哪个 tipset</translation>
    </message>
    <message>
        <source>The head</source>
        <translation>链头</translation>
    </message>
    <message>
        <source>The newest final</source>
        <translation>最新的最终高度</translation>
    </message>
    <message>
        <source>An epoch</source>
        <translation>某个高度</translation>
    </message>
    <message>
        <source>Epoch</source>
        <translation>高度</translation>
    </message>
    <message>
        <source>Of a null round: the tipset before it.</source>
        <translation>若是空轮：取其前一个 tipset。</translation>
    </message>
    <message>
        <source>What is kept</source>
        <translation>保留什么</translation>
    </message>
    <message>
        <source>One CAR file</source>
        <translation>一个 CAR 文件</translation>
    </message>
    <message>
        <source>A file for each piece</source>
        <translation>每个数据块一个文件</translation>
    </message>
    <message>
        <source>Commitments alone</source>
        <translation>只要承诺</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>zstd</source>
        <translation>zstd</translation>
    </message>
    <message>
        <source>zstd with Forest&apos;s index</source>
        <translation>带 Forest 索引的 zstd</translation>
    </message>
    <message>
        <source>Folder on the daemon&apos;s machine</source>
        <translation>守护进程机器上的文件夹</translation>
    </message>
    <message>
        <source>as in the settings</source>
        <translation>按设置</translation>
    </message>
    <message>
        <source>Also the SHA-256 of the whole CAR</source>
        <translation>同时计算整个 CAR 的 SHA-256</translation>
    </message>
    <message>
        <source>Hold an epoch</source>
        <translation>保留一个高度</translation>
    </message>
    <message>
        <source>Its state and messages stay in memory, wherever the head goes.</source>
        <translation>无论链头走到哪里，其状态和消息都留在内存里。</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>asked for in the desktop</source>
        <translation>在桌面上请求的</translation>
    </message>
    <message>
        <source>the head</source>
        <translation>链头</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>For how many hours</source>
        <translation>保留多少小时</translation>
    </message>
    <message>
        <source>until it is released</source>
        <translation>直到释放</translation>
    </message>
    <message>
        <source>Take snapshots by itself</source>
        <translation>自动生成快照</translation>
    </message>
    <message>
        <source>At each multiple of so many epochs, as soon as it cannot be reverted any more.</source>
        <translation>在每个倍数高度上，一旦不可回滚就生成。</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Every so many epochs</source>
        <translation>每隔多少高度</translation>
    </message>
    <message>
        <source>every %1 with epochs of 30 s</source>
        <translation>每个高度 30 秒，即每 %1</translation>
    </message>
    <message>
        <source>Only once it is final</source>
        <translation>仅在最终之后</translation>
    </message>
    <message>
        <source>Into a file (else hashed and served from memory)</source>
        <translation>存入文件（否则只计算并从内存提供）</translation>
    </message>
</context>
<context>
    <name>Spark</name>
    <message>
        <source>now %1, at most %2</source>
        <translation>现在 %1，最多 %2</translation>
    </message>
    <message>
        <source>no values yet</source>
        <translation>还没有数值</translation>
    </message>
    <message>
        <source>most %1</source>
        <translation>最多 %1</translation>
    </message>
</context>
<context>
    <name>State</name>
    <message>
        <source>loading the chain</source>
        <translation>正在加载链</translation>
    </message>
    <message>
        <source>catching up</source>
        <translation>追赶中</translation>
    </message>
    <message>
        <source>in sync</source>
        <translation>已同步</translation>
    </message>
    <message>
        <source>node lost</source>
        <translation>节点失联</translation>
    </message>
    <message>
        <source>a new snapshot is needed</source>
        <translation>需要新的快照</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>排队中</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>planned</source>
        <translation>已计划</translation>
    </message>
    <message>
        <source>taking the snapshot</source>
        <translation>正在生成快照</translation>
    </message>
    <message>
        <source>comparing pieces</source>
        <translation>正在比较数据块</translation>
    </message>
    <message>
        <source>proposing</source>
        <translation>提议中</translation>
    </message>
    <message>
        <source>proposed</source>
        <translation>已提议</translation>
    </message>
    <message>
        <source>being fetched</source>
        <translation>正在获取</translation>
    </message>
    <message>
        <source>publishing</source>
        <translation>发布中</translation>
    </message>
    <message>
        <source>sealing</source>
        <translation>封装中</translation>
    </message>
    <message>
        <source>proven</source>
        <translation>已证明</translation>
    </message>
    <message>
        <source>stored</source>
        <translation>已存储</translation>
    </message>
    <message>
        <source>paid</source>
        <translation>已付款</translation>
    </message>
    <message>
        <source>missed</source>
        <translation>错过</translation>
    </message>
    <message>
        <source>future</source>
        <translation>未来</translation>
    </message>
    <message>
        <source>ahead</source>
        <translation>在前面</translation>
    </message>
    <message>
        <source>open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>已关闭</translation>
    </message>
    <message>
        <source>building</source>
        <translation>生成中</translation>
    </message>
    <message>
        <source>deal published</source>
        <translation>交易已发布</translation>
    </message>
    <message>
        <source>disputed</source>
        <translation>有争议</translation>
    </message>
    <message>
        <source>reassigned</source>
        <translation>已转派</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>已跳过</translation>
    </message>
    <message>
        <source>active</source>
        <translation>活动</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>失联</translation>
    </message>
    <message>
        <source>leaving</source>
        <translation>离开中</translation>
    </message>
    <message>
        <source>left</source>
        <translation>已离开</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>已移除</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>ask</source>
        <translation>询问</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>skip</source>
        <translation>跳过</translation>
    </message>
    <message>
        <source>in memory</source>
        <translation>在内存里</translation>
    </message>
    <message>
        <source>in a file</source>
        <translation>在文件里</translation>
    </message>
    <message>
        <source>hashed only</source>
        <translation>仅计算</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>info</source>
        <translation>信息</translation>
    </message>
    <message>
        <source>debug</source>
        <translation>调试</translation>
    </message>
    <message>
        <source>good</source>
        <translation>好</translation>
    </message>
    <message>
        <source>bad</source>
        <translation>不好</translation>
    </message>
    <message>
        <source>matches</source>
        <translation>一致</translation>
    </message>
    <message>
        <source>differs</source>
        <translation>不同</translation>
    </message>
    <message>
        <source>hashed</source>
        <translation>已计算</translation>
    </message>
    <message>
        <source>checking</source>
        <translation>检查中</translation>
    </message>
    <message>
        <source>preparing</source>
        <translation>准备中</translation>
    </message>
    <message>
        <source>sending</source>
        <translation>发送中</translation>
    </message>
    <message>
        <source>pending</source>
        <translation>待处理</translation>
    </message>
    <message>
        <source>on the chain</source>
        <translation>已上链</translation>
    </message>
    <message>
        <source>finishing</source>
        <translation>收尾中</translation>
    </message>
    <message>
        <source>verify</source>
        <translation>校验</translation>
    </message>
    <message>
        <source>benchmark</source>
        <translation>测速</translation>
    </message>
    <message>
        <source>checkpoint</source>
        <translation>检查点</translation>
    </message>
    <message>
        <source>audit</source>
        <translation>审计</translation>
    </message>
    <message>
        <source>backup</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>transaction</source>
        <translation>链上交易</translation>
    </message>
    <message>
        <source>compare pieces</source>
        <translation>比较数据块</translation>
    </message>
    <message>
        <source>retrieval test</source>
        <translation>检索测试</translation>
    </message>
    <message>
        <source>would be sent</source>
        <translation>将会发送</translation>
    </message>
    <message>
        <source>sent</source>
        <translation>已发送</translation>
    </message>
    <message>
        <source>under way</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>nothing due</source>
        <translation>没有应付</translation>
    </message>
    <message>
        <source>not worth its gas</source>
        <translation>不值其 gas</translation>
    </message>
    <message>
        <source>not active yet</source>
        <translation>尚未生效</translation>
    </message>
    <message>
        <source>ended</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>forgotten</source>
        <translation>已忘记</translation>
    </message>
    <message>
        <source>asked for</source>
        <translation>应要求</translation>
    </message>
    <message>
        <source>schedule</source>
        <translation>计划</translation>
    </message>
    <message>
        <source>in order</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>passed</source>
        <translation>通过</translation>
    </message>
</context>
<context>
    <name>StepStrip</name>
    <message>
        <source>Stages; now: %1</source>
        <translation>阶段；现在：%1</translation>
    </message>
    <message>
        <source>Stages</source>
        <translation>阶段</translation>
    </message>
</context>
<context>
    <name>Timeline</name>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>ahead</source>
        <translation>在前面</translation>
    </message>
</context>
<context>
    <name>VerifierPage</name>
    <message>
        <source>commP verifier</source>
        <translation>commP 校验</translation>
    </message>
    <message>
        <source>Nothing leaves this machine</source>
        <translation>数据不会离开本机</translation>
    </message>
    <message>
        <source>What hashes</source>
        <translation>用什么计算</translation>
    </message>
    <message>
        <source>What hashes: the fastest by default</source>
        <translation>用什么计算：默认用最快的</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>Expected piece CID, if there is one</source>
        <translation>预期的数据块 CID（如果有）</translation>
    </message>
    <message>
        <source>Version 1 (baga…) or 2 (bafkz…). Without it the commitment is just told.</source>
        <translation>版本 1（baga…）或 2（bafkz…）。不填则只给出承诺。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Again</source>
        <translation>再来一次</translation>
    </message>
    <message>
        <source>path</source>
        <translation>路径</translation>
    </message>
    <message>
        <source> on %1</source>
        <translation>，使用 %1</translation>
    </message>
    <message>
        <source>%1 in %2, on %3</source>
        <translation>%1，用时 %2，使用 %3</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Cancelled. Nothing was kept.</source>
        <translation>已取消，没有保留任何内容。</translation>
    </message>
    <message>
        <source>It is that piece</source>
        <translation>正是该数据块</translation>
    </message>
    <message>
        <source>It is another piece</source>
        <translation>这是另一个数据块</translation>
    </message>
    <message>
        <source>Piece CID</source>
        <translation>数据块 CID</translation>
    </message>
    <message>
        <source>Version 2</source>
        <translation>版本 2</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>预期</translation>
    </message>
    <message>
        <source>Payload</source>
        <translation>净荷</translation>
    </message>
    <message>
        <source>%1 (%2 bytes)</source>
        <translation>%1（%2 字节）</translation>
    </message>
    <message>
        <source>Padded to</source>
        <translation>填充到</translation>
    </message>
    <message>
        <source>%1, a tree of height %2</source>
        <translation>%1，树高 %2</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>速率</translation>
    </message>
    <message>
        <source>%1 GiB/s of payload</source>
        <translation>%1 GiB/s（净荷）</translation>
    </message>
    <message>
        <source>Checked before</source>
        <translation>以前检查过的</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清空</translation>
    </message>
    <message>
        <source>Files that you check stand here afterwards.</source>
        <translation>你检查过的文件之后会列在这里。</translation>
    </message>
    <message>
        <source>Choose a CAR file</source>
        <translation>选择 CAR 文件</translation>
    </message>
    <message>
        <source>CAR files (*.car *.car.zst)</source>
        <translation>CAR 文件 (*.car *.car.zst)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
</context>
<context>
    <name>VerifierRun</name>
    <message>
        <source>%1 is a folder</source>
        <translation>%1 是文件夹</translation>
    </message>
    <message>
        <source>drop one of the files in it; many files at once are for `fil-fil batch`</source>
        <translation>拖入其中一个文件；一次处理许多文件请用 `fil-fil batch`</translation>
    </message>
    <message>
        <source>%1 is no file that can be read twice</source>
        <translation>%1 不是可以读取两次的文件</translation>
    </message>
    <message>
        <source>store it as a file first</source>
        <translation>先把它存成文件</translation>
    </message>
    <message>
        <source>%1 was changed while it was read, so what came out is of no file that there was</source>
        <translation>%1 在读取时被改动，因此结果不对应任何真实的文件</translation>
    </message>
    <message>
        <source>wait until whatever writes it is done, and verify it again</source>
        <translation>等写入它的程序结束后再校验一次</translation>
    </message>
    <message>
        <source>A GPU computed wrongly meanwhile</source>
        <translation>GPU 在此期间计算出错</translation>
    </message>
    <message>
        <source>verify it again on the CPU; look for memory errors with `nvidia-smi -q`</source>
        <translation>请用 CPU 再验证一次；用 `nvidia-smi -q` 查看内存错误</translation>
    </message>
</context>
<context>
    <name>WizardDialog</name>
    <message>
        <source>Daemon</source>
        <translation>守护进程</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>节点</translation>
    </message>
    <message>
        <source>Provider</source>
        <translation>存储提供者</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Summary</source>
        <translation>摘要</translation>
    </message>
    <message>
        <source>This machine</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>Show me</source>
        <translation>先看看</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Set-up</source>
        <translation>设置向导</translation>
    </message>
    <message>
        <source>Set up fil-fil</source>
        <translation>设置 fil-fil</translation>
    </message>
    <message>
        <source>Close; it can be opened again from the settings</source>
        <translation>关闭；可以从设置里再次打开</translation>
    </message>
    <message>
        <source>All that this window shows comes from a daemon, which goes on when the window is closed.</source>
        <translation>此窗口显示的一切都来自守护进程；关闭窗口后它继续运行。</translation>
    </message>
    <message>
        <source>Just show me</source>
        <translation>先看看</translation>
    </message>
    <message>
        <source>A small chain of its own, made as it goes on this machine, with windows, deals and payouts. Nothing real is touched.</source>
        <translation>在本机上即时生成的小链，带有窗口、交易和付款。不会触及任何真实的东西。</translation>
    </message>
    <message>
        <source>A daemon runs on this machine</source>
        <translation>本机上运行着守护进程</translation>
    </message>
    <message>
        <source>It is found by its data folder.</source>
        <translation>通过数据文件夹找到它。</translation>
    </message>
    <message>
        <source>Data folder</source>
        <translation>数据文件夹</translation>
    </message>
    <message>
        <source>Start one here</source>
        <translation>在这里启动一个</translation>
    </message>
    <message>
        <source>It follows a Lotus or Forest node and keeps the snapshot&apos;s blocks in memory.</source>
        <translation>它跟随 Lotus 或 Forest 节点，并把快照的区块保存在内存里。</translation>
    </message>
    <message>
        <source>File with the node&apos;s token</source>
        <translation>含节点令牌的文件</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>A daemon runs somewhere else</source>
        <translation>守护进程运行在别处</translation>
    </message>
    <message>
        <source>Over TLS, with its read or admin token.</source>
        <translation>通过 TLS，使用其只读或管理令牌。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Certificate to trust</source>
        <translation>信任的证书</translation>
    </message>
    <message>
        <source>PEM file, where it is not signed by a known authority</source>
        <translation>PEM 文件（当不是由公认机构签发时）</translation>
    </message>
    <message>
        <source>Start it</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Connected to a daemon %1 on %2</source>
        <translation>已连接到守护进程 %1，网络 %2</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>The daemon follows the head of this node and reads the contract through it.</source>
        <translation>守护进程跟随此节点的链头，并通过它读取合约。</translation>
    </message>
    <message>
        <source>Changed by the option --node when the daemon is started, or nodes in its file.</source>
        <translation>由守护进程启动时的选项 --node 或其配置文件里的 nodes 决定。</translation>
    </message>
    <message>
        <source>Where the contract is read</source>
        <translation>从哪里读取合约</translation>
    </message>
    <message>
        <source>through the node</source>
        <translation>通过节点</translation>
    </message>
    <message numerus="yes">
        <source>head %1, %n epoch(s) behind</source>
        <translation>
            <numerusform>链头 %1，落后 %n 个高度</numerusform>
        </translation>
    </message>
    <message>
        <source>The contract pays these providers for storing snapshots. Leave them empty to look on alone.</source>
        <translation>合约为存储快照向这些提供者付款。只想旁观就留空。</translation>
    </message>
    <message>
        <source>Contract</source>
        <translation>合约</translation>
    </message>
    <message>
        <source>An address is 0x and 40 digits, or f410f…</source>
        <translation>地址是 0x 加 40 位数字，或 f410f…</translation>
    </message>
    <message>
        <source>Own providers</source>
        <translation>自己的提供者</translation>
    </message>
    <message>
        <source>Providers look like f01000; several with commas between them</source>
        <translation>提供者形如 f01000；多个用逗号隔开</translation>
    </message>
    <message>
        <source>Wallet that signs</source>
        <translation>签名的钱包</translation>
    </message>
    <message>
        <source>one of the node&apos;s</source>
        <translation>节点的钱包之一</translation>
    </message>
    <message>
        <source>It has %1.</source>
        <translation>余额 %1。</translation>
    </message>
    <message>
        <source>It pays the gas. Its key stays with the node.</source>
        <translation>它支付 Gas。密钥留在节点里。</translation>
    </message>
    <message>
        <source>Folder for snapshots, on the daemon&apos;s machine</source>
        <translation>快照文件夹（在守护进程的机器上）</translation>
    </message>
    <message>
        <source>snapshots, in its data folder</source>
        <translation>其数据文件夹里的 snapshots</translation>
    </message>
    <message>
        <source>On mainnet one file has about 80 GB; without a file, pieces are served from memory.</source>
        <translation>主网上一个文件约 80 GB；没有文件时，数据块从内存提供。</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Each device hashes known vectors, then as quickly as it can for a moment.</source>
        <translation>每个设备先计算已知向量，再全速运行片刻。</translation>
    </message>
    <message>
        <source>What hashes on the daemon&apos;s machine:</source>
        <translation>守护进程的机器上用于计算的设备：</translation>
    </message>
    <message>
        <source>Testing and timing</source>
        <translation>正在自检和测速</translation>
    </message>
    <message>
        <source>%1 GiB/s</source>
        <translation>%1 GiB/s</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Hashes on</source>
        <translation>计算设备</translation>
    </message>
    <message>
        <source>Some of this has effect when the daemon is started anew.</source>
        <translation>其中一些在守护进程重新启动后生效。</translation>
    </message>
    <message>
        <source>Closing this window does not stop the daemon.</source>
        <translation>关闭此窗口不会停止守护进程。</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>以后再说</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一个</translation>
    </message>
</context>
<context>
    <name>filfil::gui::AlertStore</name>
    <message>
        <source>Severity</source>
        <translation>严重程度</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>怎么办</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>自</translation>
    </message>
</context>
<context>
    <name>filfil::gui::App</name>
    <message>
        <source>This machine</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>The daemon&apos;s clock is %1 ahead of this machine&apos;s</source>
        <translation>守护进程的时钟比本机快 %1</translation>
    </message>
    <message>
        <source>The daemon&apos;s clock is %1 behind this machine&apos;s</source>
        <translation>守护进程的时钟比本机慢 %1</translation>
    </message>
    <message>
        <source>set both clocks right (NTP); until then times are shown by the daemon&apos;s clock</source>
        <translation>校准两边的时钟（NTP）；在此之前按守护进程的时钟显示时间</translation>
    </message>
    <message>
        <source>A window opens in ten minutes</source>
        <translation>一个窗口将在十分钟后打开</translation>
    </message>
    <message>
        <source>%1 is to store the snapshot of epoch %2</source>
        <translation>%1 将存储高度 %2 的快照</translation>
    </message>
    <message>
        <source>A window is open</source>
        <translation>一个窗口已打开</translation>
    </message>
    <message>
        <source>A window was missed</source>
        <translation>错过了一个窗口</translation>
    </message>
    <message>
        <source>%1 did not store the snapshot of epoch %2</source>
        <translation>%1 没有存储高度 %2 的快照</translation>
    </message>
    <message>
        <source>A deal was accepted</source>
        <translation>一笔交易已被接受</translation>
    </message>
    <message>
        <source>Deal %1 of %2</source>
        <translation>%2 的交易 %1</translation>
    </message>
    <message>
        <source>A deal came too late</source>
        <translation>一笔交易来得太晚</translation>
    </message>
    <message>
        <source>Paid</source>
        <translation>已付款</translation>
    </message>
    <message>
        <source>%1 was credited %2</source>
        <translation>%1 入账 %2</translation>
    </message>
    <message>
        <source>The daemon is lost</source>
        <translation>守护进程失联</translation>
    </message>
</context>
<context>
    <name>filfil::gui::BarChart</name>
    <message>
        <source>%1 and %2 pending</source>
        <translation>%1，另有 %2 待处理</translation>
    </message>
    <message>
        <source>Nothing yet</source>
        <translation>还没有</translation>
    </message>
    <message>
        <source>nothing yet</source>
        <translation>还没有</translation>
    </message>
    <message>
        <source>%1 in all; most in %2 with %3; last %4 with %5</source>
        <translation>共 %1；最多的是 %2，为 %3；最近的是 %4，为 %5</translation>
    </message>
</context>
<context>
    <name>filfil::gui::DaemonSettings</name>
    <message>
        <source>Setting</source>
        <translation>设置项</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>By default</source>
        <translation>默认</translation>
    </message>
    <message>
        <source>What it may be</source>
        <translation>可取的值</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>是什么</translation>
    </message>
    <message>
        <source>%1 is set, and has effect from the daemon&apos;s next start on</source>
        <translation>%1 已设置，守护进程下次启动后生效</translation>
    </message>
    <message>
        <source>%1 is set</source>
        <translation>%1 已设置</translation>
    </message>
</context>
<context>
    <name>filfil::gui::DaemonStarter</name>
    <message>
        <source>%1 holds something else, and a chain that is made up would be mixed with it</source>
        <translation>%1 里有别的内容，演示链会与它混在一起</translation>
    </message>
    <message>
        <source>choose an empty folder</source>
        <translation>选择一个空文件夹</translation>
    </message>
    <message>
        <source>%1 cannot be made</source>
        <translation>无法创建 %1</translation>
    </message>
    <message>
        <source>choose a folder that you may write to</source>
        <translation>选择一个你可以写入的文件夹</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>The program fil-fil is not found</source>
        <translation>找不到程序 fil-fil</translation>
    </message>
    <message>
        <source>install it beside this one, or name its path in the settings</source>
        <translation>把它安装在本程序旁边，或在设置里指定路径</translation>
    </message>
    <message>
        <source>%1 cannot be started: %2</source>
        <translation>无法启动 %1：%2</translation>
    </message>
    <message>
        <source>see whether it is there and may be run</source>
        <translation>查看它是否存在且可以运行</translation>
    </message>
    <message>
        <source>the daemon</source>
        <translation>守护进程</translation>
    </message>
    <message>
        <source>Starting the daemon</source>
        <translation>正在启动守护进程</translation>
    </message>
    <message>
        <source>the devnet</source>
        <translation>演示网络</translation>
    </message>
    <message>
        <source>Starting a node that makes a chain as it goes</source>
        <translation>正在启动一个即时造链的节点</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>%1 ended without a word</source>
        <translation>%1 无声无息地结束了</translation>
    </message>
    <message>
        <source>%1 ended: %2</source>
        <translation>%1 已结束：%2</translation>
    </message>
    <message>
        <source>its output says more; mend what it names and try again</source>
        <translation>其输出里有更多说明；修正后再试</translation>
    </message>
    <message>
        <source>It does not get ready</source>
        <translation>它没有就绪</translation>
    </message>
    <message>
        <source>its output says more</source>
        <translation>其输出里有更多说明</translation>
    </message>
    <message>
        <source>Starting a daemon over it</source>
        <translation>正在其上启动守护进程</translation>
    </message>
    <message>
        <source>The daemon runs</source>
        <translation>守护进程正在运行</translation>
    </message>
    <message>
        <source>A devnet and a daemon over it run</source>
        <translation>演示网络及其守护进程正在运行</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>正在停止</translation>
    </message>
    <message>
        <source>%1 cannot be emptied</source>
        <translation>无法清空 %1</translation>
    </message>
    <message>
        <source>delete it by hand, or see who owns what lies there</source>
        <translation>请手动删除，或查看里面的内容属于谁</translation>
    </message>
    <message>
        <source>Ending what ran before</source>
        <translation>正在结束之前运行的程序</translation>
    </message>
    <message>
        <source>What ran before does not end: process %1</source>
        <translation>之前运行的程序没有结束：进程 %1</translation>
    </message>
    <message>
        <source>end it by hand (kill %1)</source>
        <translation>请手动结束（kill %1）</translation>
    </message>
    <message>
        <source>The daemon over %1 was started already</source>
        <translation>使用 %1 的守护进程已经启动</translation>
    </message>
    <message>
        <source>connect to it by its data folder; to start it otherwise end it first (kill %1)</source>
        <translation>请通过其数据文件夹连接；要以别的方式启动，请先结束它（kill %1）</translation>
    </message>
</context>
<context>
    <name>filfil::gui::DealStore</name>
    <message>
        <source>No.</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Provider</source>
        <translation>提供者</translation>
    </message>
    <message>
        <source>Snapshot of</source>
        <translation>快照高度</translation>
    </message>
    <message>
        <source>Piece</source>
        <translation>数据块</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>Way</source>
        <translation>进程</translation>
    </message>
    <message>
        <source>Stored by</source>
        <translation>预计存储</translation>
    </message>
    <message>
        <source>Window closes</source>
        <translation>窗口关闭</translation>
    </message>
    <message>
        <source>Market</source>
        <translation>市场</translation>
    </message>
    <message>
        <source>Piece CID</source>
        <translation>数据块 CID</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Sector</source>
        <translation>扇区</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>已改动</translation>
    </message>
    <message>
        <source>Trouble</source>
        <translation>问题</translation>
    </message>
    <message numerus="yes">
        <source>%n deal(s) of the snapshot of epoch %1 are on their way</source>
        <translation>
            <numerusform>高度 %1 的快照有 %n 笔交易在途</numerusform>
        </translation>
    </message>
    <message>
        <source>Deal %1 goes on</source>
        <translation>交易 %1 继续进行</translation>
    </message>
    <message>
        <source>Deal %1 was taken back</source>
        <translation>交易 %1 已撤回</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2</source>
        <translation>无法写入 %1：%2</translation>
    </message>
    <message>
        <source>choose another place</source>
        <translation>选择别的位置</translation>
    </message>
    <message>
        <source>Written to %1</source>
        <translation>已写入 %1</translation>
    </message>
</context>
<context>
    <name>filfil::gui::DeviceStore</name>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>是什么</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>Usable</source>
        <translation>可用</translation>
    </message>
    <message>
        <source>Self-test</source>
        <translation>自检</translation>
    </message>
    <message>
        <source>GiB/s</source>
        <translation>GiB/s</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Daemon</source>
        <translation>守护进程</translation>
    </message>
    <message numerus="yes">
        <source>%n device(s) were measured</source>
        <translation>
            <numerusform>已测量 %n 个设备</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>filfil::gui::Format</name>
    <message>
        <source>0 FIL</source>
        <translation>0 FIL</translation>
    </message>
    <message>
        <source>%1 attoFIL</source>
        <translation>%1 attoFIL</translation>
    </message>
    <message>
        <source>%1 FIL</source>
        <translation>%1 FIL</translation>
    </message>
    <message numerus="yes">
        <source>%n byte(s)</source>
        <translation>
            <numerusform>%n 字节</numerusform>
        </translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/秒</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 毫秒</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 分 %2 秒</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 小时</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分</translation>
    </message>
    <message>
        <source>%1 d</source>
        <translation>%1 天</translation>
    </message>
    <message>
        <source>%1 d %2 h</source>
        <translation>%1 天 %2 小时</translation>
    </message>
    <message>
        <source>now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>%1 ago</source>
        <translation>%1前</translation>
    </message>
    <message>
        <source>in %1</source>
        <translation>%1后</translation>
    </message>
    <message>
        <source>estimating</source>
        <translation>正在估算</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>还剩 %1</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message numerus="yes">
        <source>%n entry(s)</source>
        <translation>
            <numerusform>%n 项</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>filfil::gui::JobStore</name>
    <message>
        <source>No.</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Bytes a second</source>
        <translation>每秒字节</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>左</translation>
    </message>
    <message>
        <source>Asked at</source>
        <translation>询问于</translation>
    </message>
    <message>
        <source>What it says</source>
        <translation>说了什么</translation>
    </message>
    <message>
        <source>The daemon did not say which job it made</source>
        <translation>守护进程没有说明它创建了哪个任务</translation>
    </message>
    <message>
        <source>this may be another version of the daemon</source>
        <translation>这可能是另一版本的守护进程</translation>
    </message>
    <message>
        <source>The daemon that did it was left</source>
        <translation>已离开执行它的守护进程</translation>
    </message>
    <message>
        <source>The daemon was started anew before the job had ended</source>
        <translation>任务结束之前守护进程重新启动了</translation>
    </message>
    <message>
        <source>see whether it was done, and ask again if not</source>
        <translation>查看是否已完成，若没有则再请求一次</translation>
    </message>
    <message>
        <source>The job was cancelled</source>
        <translation>任务已取消</translation>
    </message>
    <message>
        <source>stopping</source>
        <translation>正在停止</translation>
    </message>
</context>
<context>
    <name>filfil::gui::LogModel</name>
    <message>
        <source>%1, %2, %3: %4</source>
        <translation>%1，%2，%3：%4</translation>
    </message>
</context>
<context>
    <name>filfil::gui::LogStore</name>
    <message>
        <source>%1 cannot be written: %2</source>
        <translation>无法写入 %1：%2</translation>
    </message>
    <message>
        <source>choose another place</source>
        <translation>选择别的位置</translation>
    </message>
    <message>
        <source>Written to %1; look through it before you pass it on</source>
        <translation>已写入 %1；转交之前请先检查</translation>
    </message>
</context>
<context>
    <name>filfil::gui::PayoutStore</name>
    <message>
        <source>Provider</source>
        <translation>提供者</translation>
    </message>
    <message>
        <source>Snapshot of</source>
        <translation>快照高度</translation>
    </message>
    <message>
        <source>Piece</source>
        <translation>数据块</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Sector</source>
        <translation>扇区</translation>
    </message>
    <message>
        <source>Pays in all</source>
        <translation>总共支付</translation>
    </message>
    <message>
        <source>Credited</source>
        <translation>已入账</translation>
    </message>
    <message>
        <source>Still to come</source>
        <translation>尚待支付</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>到期</translation>
    </message>
    <message>
        <source>At risk</source>
        <translation>有风险</translation>
    </message>
    <message>
        <source>Standing</source>
        <translation>资格</translation>
    </message>
    <message>
        <source>Misses in a row</source>
        <translation>连续错过</translation>
    </message>
    <message>
        <source>Bond</source>
        <translation>保证金</translation>
    </message>
    <message>
        <source>Can be claimed</source>
        <translation>可领取</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Phase</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation>链上交易</translation>
    </message>
    <message>
        <source>Nonce</source>
        <translation>Nonce</translation>
    </message>
    <message>
        <source>Trouble</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>the sector is lost: nothing more comes</source>
        <translation>扇区已丢失：不会再有付款</translation>
    </message>
    <message>
        <source>the deal is in no sector yet</source>
        <translation>该交易尚未进入扇区</translation>
    </message>
    <message numerus="yes">
        <source>%1 were withdrawn, and %n item(s) failed</source>
        <translation>
            <numerusform>已提取 %1，%n 项失败</numerusform>
        </translation>
    </message>
    <message>
        <source>the list says what and why; claiming again does what is left</source>
        <translation>列表说明了是什么和为什么；再次领取会完成剩下的</translation>
    </message>
    <message>
        <source>%1 were withdrawn</source>
        <translation>已提取 %1</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2</source>
        <translation>无法写入 %1：%2</translation>
    </message>
    <message>
        <source>choose another place</source>
        <translation>选择别的位置</translation>
    </message>
    <message>
        <source>Written to %1</source>
        <translation>已写入 %1</translation>
    </message>
    <message>
        <source>at least %1</source>
        <translation>至少 %1</translation>
    </message>
</context>
<context>
    <name>filfil::gui::Preferences</name>
    <message>
        <source>see whether you may write there and whether the disk is full; nothing was changed</source>
        <translation>请检查是否有写入权限、磁盘是否已满；什么都没有改变</translation>
    </message>
    <message>
        <source>The folder %1 for tokens cannot be made</source>
        <translation>无法创建存放令牌的文件夹 %1</translation>
    </message>
    <message>
        <source>The token cannot be kept in %1: %2</source>
        <translation>令牌无法保存到 %1：%2</translation>
    </message>
</context>
<context>
    <name>filfil::gui::RecordModel</name>
    <message>
        <source>%1: unknown</source>
        <translation>%1：未知</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>filfil::gui::RpcClient</name>
    <message>
        <source>The connection to the daemon was ended</source>
        <translation>与守护进程的连接已结束</translation>
    </message>
    <message>
        <source>%1 was not asked: there is no connection to the daemon</source>
        <translation>没有询问 %1：与守护进程没有连接</translation>
    </message>
    <message>
        <source>it is asked again when the daemon is there</source>
        <translation>守护进程恢复后会再次询问</translation>
    </message>
    <message>
        <source>An answer came that belongs to no call</source>
        <translation>收到一个不属于任何调用的应答</translation>
    </message>
    <message>
        <source>The answer to %1 has neither a result nor an error</source>
        <translation>对 %1 的应答既没有结果也没有错误</translation>
    </message>
    <message>
        <source>this may be another version of the daemon</source>
        <translation>这可能是另一版本的守护进程</translation>
    </message>
    <message>
        <source>The daemon did not answer %1 in time</source>
        <translation>守护进程没有及时应答 %1</translation>
    </message>
    <message>
        <source>see what keeps it busy on the page Log, or try again</source>
        <translation>在日志页查看它在忙什么，或再试一次</translation>
    </message>
</context>
<context>
    <name>filfil::gui::RpcWire</name>
    <message>
        <source>%1 holds no certificate in PEM form</source>
        <translation>%1 里没有 PEM 格式的证书</translation>
    </message>
    <message>
        <source>%1 sent bytes that are no text</source>
        <translation>%1 发来的字节不是文本</translation>
    </message>
    <message>
        <source>The certificate of %1 is not trusted: %2</source>
        <translation>%1 的证书不受信任：%2</translation>
    </message>
    <message>
        <source>The connection to %1 ended</source>
        <translation>与 %1 的连接已结束</translation>
    </message>
    <message>
        <source>The connection to %1 ended: %2</source>
        <translation>与 %1 的连接已结束：%2</translation>
    </message>
    <message>
        <source>%1 sent what is no JSON: %2</source>
        <translation>%1 发来的不是 JSON：%2</translation>
    </message>
    <message>
        <source>%1 does not accept the token</source>
        <translation>%1 不接受该令牌</translation>
    </message>
    <message>
        <source>What answers at %1 is no fil-fil daemon: %2</source>
        <translation>%1 处应答的不是 fil-fil 守护进程：%2</translation>
    </message>
    <message>
        <source>No secure connection to %1: %2</source>
        <translation>与 %1 没有安全连接：%2</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>%1 does not answer</source>
        <translation>%1 没有应答</translation>
    </message>
</context>
<context>
    <name>filfil::gui::Session</name>
    <message>
        <source>Not connected</source>
        <translation>未连接</translation>
    </message>
    <message>
        <source>No daemon runs over the folder %1</source>
        <translation>文件夹 %1 上没有守护进程在运行</translation>
    </message>
    <message>
        <source>start one, or choose another folder</source>
        <translation>启动一个，或选择另一个文件夹</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is no address of a daemon</source>
        <translation>“%1”不是守护进程的地址</translation>
    </message>
    <message>
        <source>give HOST:PORT, or an address that begins with ws:// or wss://</source>
        <translation>请给出 主机:端口，或以 ws:// 或 wss:// 开头的地址</translation>
    </message>
    <message>
        <source>%1 is empty</source>
        <translation>%1 是空的</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>There is no token for %1</source>
        <translation>%1 没有令牌</translation>
    </message>
    <message>
        <source>There is no token for %1: %2</source>
        <translation>%1 没有令牌：%2</translation>
    </message>
    <message>
        <source>name the daemon&apos;s data folder, or paste the token that stands in its token.admin</source>
        <translation>指定守护进程的数据文件夹，或粘贴其 token.admin 里的令牌</translation>
    </message>
    <message>
        <source>Connecting to %1</source>
        <translation>正在连接 %1</translation>
    </message>
    <message>
        <source>What answers at %1 does not say which version it is</source>
        <translation>%1 处的应答没有说明版本</translation>
    </message>
    <message>
        <source>see whether a fil-fil daemon listens there</source>
        <translation>查看那里是否有 fil-fil 守护进程在监听</translation>
    </message>
    <message>
        <source>The daemon at %1 (version %2) speaks version %3 of the API, and this program version %4</source>
        <translation>%1 处的守护进程（版本 %2）使用 API 版本 %3，本程序使用版本 %4</translation>
    </message>
    <message>
        <source>update this program</source>
        <translation>更新本程序</translation>
    </message>
    <message>
        <source>update the daemon</source>
        <translation>更新守护进程</translation>
    </message>
    <message>
        <source>Connected to %1</source>
        <translation>已连接到 %1</translation>
    </message>
    <message>
        <source>An event came without a number or a type</source>
        <translation>收到一个没有编号或类型的事件</translation>
    </message>
    <message>
        <source>the token is not this daemon&apos;s: name the folder that it runs over, or paste its token anew</source>
        <translation>令牌不属于此守护进程：指定它运行的文件夹，或重新粘贴其令牌</translation>
    </message>
    <message>
        <source>see whether the address is right, and whether a fil-fil daemon listens there</source>
        <translation>查看地址是否正确，以及那里是否有 fil-fil 守护进程在监听</translation>
    </message>
    <message>
        <source>name the file of the certificate that the daemon&apos;s is signed by</source>
        <translation>指定签发守护进程证书的证书文件</translation>
    </message>
    <message>
        <source>start the daemon, or see whether the address is right</source>
        <translation>启动守护进程，或查看地址是否正确</translation>
    </message>
    <message>
        <source>it is looked for again by itself; what is shown is of before</source>
        <translation>会自动再找；显示的是之前的内容</translation>
    </message>
    <message>
        <source>%1 speaks another version of the API</source>
        <translation>%1 使用另一版本的 API</translation>
    </message>
    <message>
        <source>update the older of the two</source>
        <translation>更新两者中较旧的</translation>
    </message>
    <message>
        <source>%1 answers: version %2, network %3</source>
        <translation>%1 有应答：版本 %2，网络 %3</translation>
    </message>
    <message>
        <source>paste the token that stands in the daemon&apos;s token.admin</source>
        <translation>粘贴守护进程的 token.admin 里的令牌</translation>
    </message>
    <message>
        <source>see whether the daemon runs and the address is right</source>
        <translation>查看守护进程是否在运行、地址是否正确</translation>
    </message>
    <message>
        <source>%1 is called without TLS, and the token could be read on the way</source>
        <translation>调用 %1 时没有 TLS，令牌可能在途中被读取</translation>
    </message>
    <message>
        <source>give the daemon a certificate (api.tls_cert, api.tls_key) and write wss://, or lead a tunnel there (ssh -L) and give its port on 127.0.0.1</source>
        <translation>给守护进程一张证书（api.tls_cert、api.tls_key）并写 wss://，或建立隧道（ssh -L）并填写其在 127.0.0.1 上的端口</translation>
    </message>
</context>
<context>
    <name>filfil::gui::SlotCalendarItem</name>
    <message>
        <source>Slot calendar</source>
        <translation>时隙日历</translation>
    </message>
</context>
<context>
    <name>filfil::gui::SlotStore</name>
    <message>
        <source>Provider</source>
        <translation>提供者</translation>
    </message>
    <message>
        <source>Slot</source>
        <translation>时隙</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Opens</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Closes</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Snapshot of</source>
        <translation>快照高度</translation>
    </message>
    <message>
        <source>Staged</source>
        <translation>已登记</translation>
    </message>
    <message>
        <source>Reward</source>
        <translation>报酬</translation>
    </message>
    <message>
        <source>Trouble</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Standing</source>
        <translation>资格</translation>
    </message>
    <message>
        <source>Misses in a row</source>
        <translation>连续错过</translation>
    </message>
    <message>
        <source>Policy</source>
        <translation>策略</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>Windows</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>Success</source>
        <translation>成功率</translation>
    </message>
    <message>
        <source>Median time</source>
        <translation>中位时间</translation>
    </message>
    <message>
        <source>Live snapshots</source>
        <translation>现存快照</translation>
    </message>
    <message>
        <source>Lost pieces</source>
        <translation>丢失的数据块</translation>
    </message>
    <message>
        <source>Earned</source>
        <translation>赚得</translation>
    </message>
    <message>
        <source>Slashed</source>
        <translation>已罚没</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>地区</translation>
    </message>
    <message>
        <source>Serves at</source>
        <translation>服务于</translation>
    </message>
    <message>
        <source>Disputed</source>
        <translation>有争议</translation>
    </message>
    <message>
        <source>Epoch</source>
        <translation>高度</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>发生的事</translation>
    </message>
    <message>
        <source>The operator staged the snapshot of epoch %1</source>
        <translation>运营者登记了高度 %1 的快照</translation>
    </message>
    <message>
        <source>The operator took back what was staged for slot %1</source>
        <translation>运营者撤回了时隙 %1 的登记</translation>
    </message>
    <message>
        <source>%1 published a deal</source>
        <translation>%1 发布了一笔交易</translation>
    </message>
    <message>
        <source>%1 proved a piece, for %2</source>
        <translation>%1 证明了一个数据块，得 %2</translation>
    </message>
    <message>
        <source>%1 stored the whole snapshot</source>
        <translation>%1 存储了整个快照</translation>
    </message>
    <message>
        <source>%1 missed its window</source>
        <translation>%1 错过了自己的窗口</translation>
    </message>
    <message>
        <source>%1 was credited %2</source>
        <translation>%1 入账 %2</translation>
    </message>
    <message>
        <source>%1 was paid out %2</source>
        <translation>%1 收到付款 %2</translation>
    </message>
    <message>
        <source>%1 was slashed by %2</source>
        <translation>%1 被罚没 %2</translation>
    </message>
    <message>
        <source>%1 lost a piece</source>
        <translation>%1 丢失了一个数据块</translation>
    </message>
    <message>
        <source>%1 joined</source>
        <translation>%1 已加入</translation>
    </message>
    <message>
        <source>%1 leaves after this round</source>
        <translation>%1 在本轮之后离开</translation>
    </message>
    <message>
        <source>%1 was removed</source>
        <translation>%1 已被移除</translation>
    </message>
    <message>
        <source>Round %1 opened</source>
        <translation>第 %1 轮已开始</translation>
    </message>
    <message>
        <source>%1 were given to the pool</source>
        <translation>向资金池捐入 %1</translation>
    </message>
    <message>
        <source>Slot %1 is disputed</source>
        <translation>时隙 %1 有争议</translation>
    </message>
    <message>
        <source>%1 serves at %2</source>
        <translation>%1 在 %2 提供服务</translation>
    </message>
    <message>
        <source>opens in %1</source>
        <translation>%1后打开</translation>
    </message>
    <message>
        <source>closes in %1</source>
        <translation>%1后关闭</translation>
    </message>
    <message>
        <source>It is the snapshot of epoch %1 that the operator staged</source>
        <translation>它是运营者登记的高度 %1 的快照</translation>
    </message>
    <message>
        <source>It is piece %1 of %2 of the snapshot of epoch %3 that the operator staged</source>
        <translation>它是运营者登记的高度 %3 快照的第 %1 个数据块（共 %2 个）</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>%1 is registered with a bond of %2</source>
        <translation>%1 已注册，保证金 %2</translation>
    </message>
    <message>
        <source>The snapshot of epoch %1 was staged already</source>
        <translation>高度 %1 的快照此前已登记</translation>
    </message>
    <message>
        <source>The snapshot of epoch %1 is staged</source>
        <translation>高度 %1 的快照已登记</translation>
    </message>
    <message>
        <source>What was staged was taken back</source>
        <translation>登记已被撤回</translation>
    </message>
</context>
<context>
    <name>filfil::gui::SnapshotStore</name>
    <message>
        <source>No.</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Epoch</source>
        <translation>高度</translation>
    </message>
    <message>
        <source>Taken</source>
        <translation>生成于</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Piece CID</source>
        <translation>数据块 CID</translation>
    </message>
    <message>
        <source>Pieces</source>
        <translation>数据块</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Blocks</source>
        <translation>区块</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>Hashed on</source>
        <translation>计算设备</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>For</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>自</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>到期</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Every</source>
        <translation>每隔</translation>
    </message>
    <message>
        <source>At epoch</source>
        <translation>在高度</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一个</translation>
    </message>
    <message>
        <source>Last</source>
        <translation>上次</translation>
    </message>
    <message>
        <source>Final only</source>
        <translation>仅最终</translation>
    </message>
    <message>
        <source>To a file</source>
        <translation>存入文件</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>配方</translation>
    </message>
    <message>
        <source>The snapshot of epoch %1 was there already</source>
        <translation>高度 %1 的快照已经存在</translation>
    </message>
    <message>
        <source>The snapshot of epoch %1 was taken</source>
        <translation>高度 %1 的快照已生成</translation>
    </message>
    <message>
        <source>Forgotten; %1 are free again</source>
        <translation>已忘记；释放了 %1</translation>
    </message>
    <message>
        <source>This snapshot has no file to verify</source>
        <translation>此快照没有可校验的文件</translation>
    </message>
    <message>
        <source>take it again with a file</source>
        <translation>重新生成并存入文件</translation>
    </message>
    <message>
        <source>The file holds several pieces, and no CID is that of the whole file</source>
        <translation>文件里有多个数据块，没有 CID 对应整个文件</translation>
    </message>
    <message>
        <source>take it again as a file for each piece, or use `fil-fil verify`</source>
        <translation>重新生成为每个数据块一个文件，或使用 `fil-fil verify`</translation>
    </message>
    <message>
        <source>%1 is the piece that it should be</source>
        <translation>%1 正是应有的数据块</translation>
    </message>
    <message>
        <source>%1 is not the piece that it should be</source>
        <translation>%1 不是应有的数据块</translation>
    </message>
    <message>
        <source>take the snapshot again; the disk may be failing</source>
        <translation>重新生成快照；磁盘可能有故障</translation>
    </message>
    <message>
        <source>The pieces are those that are staged</source>
        <translation>数据块与登记的相同</translation>
    </message>
    <message>
        <source>The pieces are not those that are staged</source>
        <translation>数据块与登记的不同</translation>
    </message>
    <message>
        <source>Epoch %1 is held</source>
        <translation>已保留高度 %1</translation>
    </message>
    <message>
        <source>The hold was released</source>
        <translation>保留已释放</translation>
    </message>
    <message>
        <source>Scheduled: %1</source>
        <translation>已计划：%1</translation>
    </message>
    <message>
        <source>The schedule was removed</source>
        <translation>计划已移除</translation>
    </message>
</context>
<context>
    <name>filfil::gui::Sparkline</name>
    <message>
        <source>no values yet</source>
        <translation>还没有数值</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>now %1, mean %2, lowest %3, highest %4</source>
        <translation>现在 %1，平均 %2，最低 %3，最高 %4</translation>
    </message>
</context>
<context>
    <name>filfil::gui::StatusStore</name>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>种类</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>发生的事</translation>
    </message>
    <message>
        <source>Chain</source>
        <translation>链</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Snapshot</source>
        <translation>快照</translation>
    </message>
    <message>
        <source>The snapshot of epoch %1 was taken</source>
        <translation>高度 %1 的快照已生成</translation>
    </message>
    <message>
        <source>Snapshot %1 was forgotten, which freed %2</source>
        <translation>快照 %1 已忘记，释放了 %2</translation>
    </message>
    <message>
        <source>Deal</source>
        <translation>交易</translation>
    </message>
    <message>
        <source>Deal %1 of %2: %3</source>
        <translation>%2 的交易 %1：%3</translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation>链上交易</translation>
    </message>
    <message>
        <source>Alert</source>
        <translation>警报</translation>
    </message>
    <message>
        <source>Over: %1</source>
        <translation>已结束：%1</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>%1 is now %2</source>
        <translation>%1 现在是 %2</translation>
    </message>
    <message>
        <source>Windows</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>%1 failed: %2</source>
        <translation>%1 失败：%2</translation>
    </message>
    <message numerus="yes">
        <source>%n tipset(s) were reverted</source>
        <translation>
            <numerusform>回滚了 %n 个 tipset</numerusform>
        </translation>
    </message>
    <message>
        <source>It is tried again at once</source>
        <translation>马上再试</translation>
    </message>
    <message>
        <source>A checkpoint was written</source>
        <translation>已写入检查点</translation>
    </message>
    <message>
        <source>All %1 blocks are counted right</source>
        <translation>全部 %1 个区块计数正确</translation>
    </message>
    <message>
        <source>Of %1 blocks %2 are counted wrongly, and %3 are missing</source>
        <translation>%1 个区块中有 %2 个计数错误，缺失 %3 个</translation>
    </message>
    <message>
        <source>run the audit with repair; where blocks are missing, start anew from a snapshot</source>
        <translation>用修复选项运行审计；若有区块缺失，从快照重新开始</translation>
    </message>
    <message>
        <source>The journal was copied to %1</source>
        <translation>日志库已复制到 %1</translation>
    </message>
    <message>
        <source>The daemon ends at its next safe point</source>
        <translation>守护进程在下一个安全点结束</translation>
    </message>
</context>
<context>
    <name>filfil::gui::Store</name>
    <message>
        <source>The daemon&apos;s answer to %1 is not what it should be</source>
        <translation>守护进程对 %1 的应答不符合规定</translation>
    </message>
    <message>
        <source>this may be another version of the daemon</source>
        <translation>这可能是另一版本的守护进程</translation>
    </message>
</context>
<context>
    <name>filfil::gui::Tray</name>
    <message>
        <source>Show fil-fil</source>
        <translation>显示 fil-fil</translation>
    </message>
    <message>
        <source>Quit; the daemon goes on</source>
        <translation>退出；守护进程继续运行</translation>
    </message>
    <message>
        <source>fil-fil goes on in the tray</source>
        <translation>fil-fil 留在托盘里</translation>
    </message>
    <message>
        <source>The daemon goes on, too, also when you quit here.</source>
        <translation>守护进程也继续运行，即使你在这里退出。</translation>
    </message>
    <message>
        <source>Quit; the demo ends</source>
        <translation>退出；演示随之结束</translation>
    </message>
</context>
<context>
    <name>filfil::gui::TrayState</name>
    <message>
        <source>fil-fil: no daemon</source>
        <translation>fil-fil：没有守护进程</translation>
    </message>
    <message>
        <source>fil-fil: %1</source>
        <translation>fil-fil：%1</translation>
    </message>
    <message>
        <source>connecting</source>
        <translation>正在连接</translation>
    </message>
    <message>
        <source>Your window %1</source>
        <translation>你的窗口%1</translation>
    </message>
    <message>
        <source>Next slot %1</source>
        <translation>下一个时隙%1</translation>
    </message>
    <message numerus="yes">
        <source>%n alert(s)</source>
        <translation>
            <numerusform>%n 条警报</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>filfil::gui::TreeHeatMap</name>
    <message>
        <source>leaves</source>
        <translation>离开</translation>
    </message>
    <message>
        <source>root</source>
        <translation>根</translation>
    </message>
    <message>
        <source>a tree of %1 levels, nothing hashed yet</source>
        <translation>%1 层的树，尚未计算</translation>
    </message>
    <message>
        <source>a tree of %1 levels, %2 percent hashed</source>
        <translation>%1 层的树，已计算百分之 %2</translation>
    </message>
    <message>
        <source>a tree of %1 levels, hashed, with another root than expected</source>
        <translation>%1 层的树，已计算，根与预期不同</translation>
    </message>
    <message>
        <source>a tree of %1 levels, all hashed</source>
        <translation>%1 层的树，已全部计算</translation>
    </message>
</context>
<context>
    <name>filfil::gui::UsageBar</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>%1 %</source>
        <comment>percent</comment>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>almost full: %1</source>
        <translation>快满了：%1</translation>
    </message>
    <message>
        <source>filling up: %1</source>
        <translation>正在填满：%1</translation>
    </message>
    <message>
        <source>%1 of %2 used, %3 percent</source>
        <translation>已用 %1 / %2，百分之 %3</translation>
    </message>
    <message>
        <source>%1 used</source>
        <translation>已用 %1</translation>
    </message>
    <message>
        <source>expected to grow to %1</source>
        <translation>预计增长到 %1</translation>
    </message>
</context>
<context>
    <name>filfil::gui::Verifier</name>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>Piece CID</source>
        <translation>数据块 CID</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Bytes a second</source>
        <translation>每秒字节</translation>
    </message>
    <message>
        <source>Hashed on</source>
        <translation>计算设备</translation>
    </message>
    <message>
        <source>The fastest</source>
        <translation>最快的</translation>
    </message>
    <message>
        <source>CPU: %1</source>
        <translation>CPU：%1</translation>
    </message>
    <message>
        <source>GPU</source>
        <translation>GPU</translation>
    </message>
    <message>
        <source>hashing</source>
        <translation>正在计算</translation>
    </message>
    <message>
        <source>looking for the difference</source>
        <translation>正在查找差异</translation>
    </message>
    <message>
        <source>version 1: the root alone, whatever the size</source>
        <translation>版本 1：只有根，与大小无关</translation>
    </message>
    <message>
        <source>version 2: %1 in a piece of %2</source>
        <translation>版本 2：%1，位于 %2 的数据块里</translation>
    </message>
    <message>
        <source>%1 is not on this machine</source>
        <translation>%1 不在本机上</translation>
    </message>
    <message>
        <source>fetch it first, then drop the file</source>
        <translation>先下载，再把文件拖入</translation>
    </message>
    <message>
        <source>The expected CID is none: %1</source>
        <translation>预期的 CID 无效：%1</translation>
    </message>
    <message>
        <source>mend it, or leave it empty</source>
        <translation>修正它，或留空</translation>
    </message>
    <message>
        <source>The piece CID is %1</source>
        <translation>数据块 CID 是 %1</translation>
    </message>
    <message>
        <source>The file is the piece that was expected</source>
        <translation>文件正是预期的数据块</translation>
    </message>
    <message>
        <source>The file is not the piece that was expected</source>
        <translation>文件不是预期的数据块</translation>
    </message>
    <message>
        <source>The file is not the piece that was expected: %1</source>
        <translation>文件不是预期的数据块：%1</translation>
    </message>
</context>
</TS>
