"""What the codes mean that a PPPoE dialler shows, and what to do first: the customer, and the technician.

Meanings and first actions follow the telecom reference of the product; where it names no action for the technician,
ours is a proposal. The same fault shows as 678 on Windows XP, 815 on Vista and 651 since Windows 7.
"""

from dataclasses import dataclass

from checklists.words import Words


@dataclass(frozen=True, slots=True)
class DialError:
    """One code: its constant in the dialler, what it means, the first action of each, and its TR-181 name (if any)."""

    code: int
    constant: str
    meaning: Words
    customer_first: Words
    technician: Words
    tr181: str | None = None


_ALL = (
    DialError(
        617, "ERROR_ALREADY_DISCONNECTING",
        Words("设备正在断开上一次连接", "The device is still hanging up"),
        Words("请稍等片刻再拨号，并看看网线是否插牢。", "Wait a moment, dial again, and look at the cable."),
        Words("按 619 处理：查 BRAS 是否有残留会话、账号状态。",
              "As 619: stuck session on the BRAS, state of the account."),
    ),
    DialError(
        619, "ERROR_PORT_DISCONNECTED",
        Words("连接在端口处被断开", "The session was cut at the port"),
        Words("请等 1～2 分钟再拨，并确认账号是否正常、有无欠费。",
              "Wait 1 to 2 minutes; check the account and its balance."),
        Words("查 BRAS 残留会话并清除；核对账号状态。", "Stuck session on the BRAS: clear it; check the account."),
        "ERROR_ISP_DISCONNECT",
    ),
    DialError(
        629, "ERROR_REMOTE_DISCONNECTION",
        Words("对端主动挂断了连接", "The far end hung up"),
        Words("请重新拨号。", "Dial again."),
        Words("查会话数限制、BRAS 负荷和线路质量。", "Session limit, load of the BRAS, line quality."),
        "ERROR_ISP_DISCONNECT",
    ),
    DialError(
        633, "ERROR_PORT_NOT_AVAILABLE",
        Words("拨号端口被其他程序占用", "Another program holds the dialler"),
        Words("请关闭其他拨号程序，再重启电脑。", "Close the other program, then restart the computer."),
        Words("检查拨号软件和网卡驱动。", "Dialler software or network driver."),
    ),
    DialError(
        638, "ERROR_REQUEST_TIMEOUT",
        Words("请求超时，没有得到应答", "No answer in time"),
        Words("请稍后再拨。", "Dial later."),
        Words("查 BRAS 是否可达、VLAN 是否正确。", "Is the BRAS reachable? Is the VLAN right?"),
        "ERROR_ISP_TIME_OUT",
    ),
    DialError(
        645, "ERROR_AUTH_INTERNAL",
        Words("电脑内部验证出错", "Signing in failed inside the computer"),
        Words("请重启电脑，重新输入账号和密码。", "Restart the computer and retype account and password."),
        Words("检查网卡及驱动。", "Network card and its driver."),
    ),
    DialError(
        646, "ERROR_RESTRICTED_LOGON_HOURS",
        Words("此账号当前时段不允许登录", "The account may not sign in at this hour"),
        Words("请拨打客服热线咨询。", "Ask the hotline."),
        Words("查 AAA 的时段策略。", "Time policy in the AAA."),
        "ERROR_RESTRICTED_LOGON_HOURS",
    ),
    DialError(
        647, "ERROR_ACCT_DISABLED",
        Words("账号已停用", "The account is off"),
        Words("请确认是否办理过停机或有欠费，可咨询客服热线。", "Is the service suspended or unpaid? Ask the hotline."),
        Words("查 AAA 和客户系统中的账号状态。", "State of the account in the AAA and the customer system."),
        "ERROR_ACCOUNT_DISABLED",
    ),
    DialError(
        648, "ERROR_PASSWD_EXPIRED",
        Words("密码已过期", "The password ran out"),
        Words("请重置密码后再拨号。", "Reset the password, then dial again."),
        Words("协助客户重置密码，由客户本人设置。", "Help with the reset; the customer sets the new one."),
        "ERROR_PASSWORD_EXPIRED",
    ),
    DialError(
        649, "ERROR_NO_DIALIN_PERMISSION",
        Words("账号没有拨号权限", "The account may not dial in"),
        Words("请拨打客服热线。", "Call the hotline."),
        Words("查 AAA 中的账号属性。", "Attributes of the account in the AAA."),
    ),
    DialError(
        651, "ERROR_FROM_DEVICE",
        Words("光猫（调制解调器）报告故障", "The modem reports a fault"),
        Words("请重新插好网线，重启光猫和电脑，看看指示灯是否正常。",
              "Replug the cable, restart ONT and computer, look at the lamps."),
        Words("看 LOS/PON 灯，测接收光功率，查注册状态、VLAN 和 BRAS。",
              "LOS/PON lamp, received power, registration, VLAN, BRAS."),
        "ERROR_NO_ANSWER",
    ),
    DialError(
        676, "ERROR_LINE_BUSY",
        Words("线路忙", "The line is busy"),
        Words("请稍等再拨。", "Wait, then dial again."),
        Words("查是否有重复会话。", "Duplicate session."),
        "ERROR_LINE_BUSY",
    ),
    DialError(
        678, "ERROR_NO_ANSWER",
        Words("远端没有应答", "The far end did not answer"),
        Words("请重新插好网线并重启设备，确认网卡已启用。", "Replug, restart, and see that the network card is on."),
        Words("按 651 处理；另查网卡驱动。", "As 651; also the network driver."),
        "ERROR_NO_ANSWER",
    ),
    DialError(
        680, "ERROR_NO_DIALTONE",
        Words("没有拨号音（调制解调器、DSL）", "No tone (modem, DSL)"),
        Words("请看看线路是否插好。", "Is the line plugged in?"),
        Words("查外线和室内线路。", "The line, outside and inside."),
        "ERROR_NO_DIALTONE",
    ),
    DialError(
        691, "ERROR_AUTHENTICATION_FAILURE",
        Words("账号或密码未通过验证", "Account or password was refused"),
        Words("请重新输入账号和密码（注意大小写），并确认有无欠费。",
              "Retype both (mind upper and lower case); is a bill overdue?"),
        Words("查 AAA 拒绝原因：账号不存在、密码错误、停机、会话数超限、线路或端口绑定不符；再查地址池。",
              "Why the AAA refused: user, password, suspended, session limit, line or port binding; address pool."),
        "ERROR_AUTHENTICATION_FAILURE",
    ),
    DialError(
        711, "ERROR_RASMAN_CANNOT_INITIALIZE",
        Words("系统的远程访问服务没有启动", "A system service for dialling did not start"),
        Words("请在系统服务中启动远程访问服务，或重启电脑。",
              "Start the remote access service, or restart the computer."),
        Words("征得同意后协助客户启动该服务。", "With consent, help the customer to start that service."),
    ),
    DialError(
        718, "ERROR_PPP_TIMEOUT",
        Words("对端应答太慢", "The far end answered too late"),
        Words("请稍后再拨；仍不行请拨打客服热线。", "Try later; if it stays, call the hotline."),
        Words("查 RADIUS、BRAS 是否响应慢。", "RADIUS or BRAS is slow."),
        "ERROR_ISP_TIME_OUT",
    ),
    DialError(
        719, "ERROR_PPP_REMOTE_TERMINATED",
        Words("对端结束了连接", "The far end closed the connection"),
        Words("请重新拨号。", "Dial again."),
        Words("查 BRAS 的下线原因记录。", "Reason for the end in the BRAS log."),
    ),
    DialError(
        720, "ERROR_PPP_NO_PROTOCOLS_CONFIGURED",
        Words("双方协议没有协商成功", "The protocols do not agree"),
        Words("请删除后重新建立宽带连接。", "Make the connection anew."),
        Words("征得同意后重置 TCP/IP 协议。", "With consent, reset the TCP/IP stack."),
        "ERROR_IP_CONFIGURATION",
    ),
    DialError(
        734, "ERROR_PPP_LCP_TERMINATED",
        Words("链路控制协议被终止", "Link control was ended"),
        Words("请删除后重新建立宽带连接。", "Make the connection anew."),
        Words("关闭多链路协商；查 BRAS。", "Multilink off; BRAS."),
        "ERROR_ISP_DISCONNECT",
    ),
    DialError(
        738, "ERROR_PPP_NO_ADDRESS_ASSIGNED",
        Words("没有分配到 IP 地址", "No address was given"),
        Words("请稍后再拨。", "Dial later."),
        Words("查地址池是否用尽。", "Address pool exhausted?"),
        "ERROR_IP_CONFIGURATION",
    ),
    DialError(
        769, "ERROR_BAD_ADDRESS_SPECIFIED",
        Words("无法到达目标地址", "The destination cannot be reached"),
        Words("请启用网卡（本地连接）。", "Enable the network card."),
        Words("检查网卡及驱动。", "Network card and its driver."),
    ),
    DialError(
        797, "ERROR_CONNECTING_DEVICE_NOT_FOUND",
        Words("找不到调制解调器", "No modem was found"),
        Words("请检查光猫的电源和网线。", "Check power and cable of the ONT."),
        Words("检查网卡和 PPPoE 微型端口。", "Network card, PPPoE miniport."),
    ),
    DialError(
        813, "ERROR_BROADBAND_ACTIVE",
        Words("同一设备上已有一个宽带连接", "A second dial on one device"),
        Words("请先断开已有的连接。", "End the first connection."),
        Words("查是否路由器已拨号、电脑又重复拨号。", "Does the router dial already, and the computer again?"),
    ),
    DialError(
        814, "ERROR_BROADBAND_NO_NIC",
        Words("没有找到可用的网卡", "There is no Ethernet below the connection"),
        Words("请启用网卡。", "Enable the network card."),
        Words("检查网卡及驱动。", "Network card and its driver."),
    ),
    DialError(
        815, "ERROR_BROADBAND_TIMEOUT",
        Words("远端没有应答", "No answer from the far end"),
        Words("请重新插好网线并重启设备，确认网卡已启用。", "Replug, restart, and see that the network card is on."),
        Words("清空连接属性中的“服务名”；其余按 651 处理。",
              "Clear the “service name” of the connection; otherwise as 651."),
        "ERROR_NO_ANSWER",
    ),
    DialError(
        868, "ERROR_DNSNAME_NOT_RESOLVABLE",
        Words("无法解析服务器名称", "The server's name does not resolve"),
        Words("连接类型可能选错了，请新建宽带（PPPoE）连接。",
              "Probably the wrong kind of connection: make a broadband (PPPoE) one."),
        Words("重新建立 PPPoE 连接。", "Make a PPPoE connection."),
    ),
)  # fmt: skip

DIAL_ERRORS: dict[int, DialError] = {error.code: error for error in _ALL}


def dial_error(code: int) -> DialError | None:
    """What we know of a code, or None when it is none of ours."""
    return DIAL_ERRORS.get(code)
