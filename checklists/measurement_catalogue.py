"""The measurement catalogue: what is measured at a home, in which unit, and by which limits it is judged.

The numbers come from the telecom reference of the product; each carries how far it can be trusted (`trust`): O official
text or specification, V a vendor's document, S secondary source, P our proposal. All are defaults that a deployment may
change. Optical windows at the customer's end: GPON class B+ -27...-8 dBm, C+ -30...-8, XGS-PON -28...-9 (V).
"""

from checklists.measurement_limits import DSL, PON, Limit, Measurement, RawName
from checklists.words import Words

NO_LIGHT = Words("无光", "no light")

ONU_STATES = tuple(f"O{n}" for n in range(1, 10))
PPP_STATES = (
    "Unconfigured",
    "Connecting",
    "Authenticating",
    "Connected",
    "PendingDisconnect",
    "Disconnecting",
    "Disconnected",
)
PPP_ERRORS = tuple(
    f"ERROR_{name}"
    for name in (
        "NONE", "ISP_TIME_OUT", "COMMAND_ABORTED", "NOT_ENABLED_FOR_INTERNET", "BAD_PHONE_NUMBER", "USER_DISCONNECT",
        "ISP_DISCONNECT", "IDLE_DISCONNECT", "FORCED_DISCONNECT", "SERVER_OUT_OF_RESOURCES", "RESTRICTED_LOGON_HOURS",
        "ACCOUNT_DISABLED", "ACCOUNT_EXPIRED", "PASSWORD_EXPIRED", "AUTHENTICATION_FAILURE", "NO_DIALTONE",
        "NO_CARRIER", "NO_ANSWER", "LINE_BUSY", "UNSUPPORTED_BITSPERSECOND", "TOO_MANY_LINE_ERRORS", "IP_CONFIGURATION",
        "UNKNOWN",
    )
)  # fmt: skip

_ALL = (
    Measurement(
        "onu_rx_power", Words("接收光功率", "Received optical power"), "dBm", "VS", plausible=(-40, 10), decimals=1,
        raw=(RawName("Optical.Interface.OpticalSignalLevel", 0.001), RawName("XPON.ONU.ANI.Transceiver.RxPower", 0.1)),
        limits=(
            Limit("VS", access=("gpon_b",), pass_min=-24, pass_max=-8, warn_min=-27, warn_max=-8),
            Limit("VS", access=("gpon_c",), pass_min=-24, pass_max=-8, warn_min=-30, warn_max=-8),
            Limit("VS", access=("xgs",), pass_min=-24, pass_max=-9, warn_min=-28, warn_max=-9),
        ),
        slips=(-1, 0.1, -0.1, 10, 0.01, 0.001), special=(("LO", NO_LIGHT),), only_for=PON,
    ),
    Measurement(
        "onu_tx_power", Words("发送光功率", "Transmitted optical power"), "dBm", "VS", plausible=(-10, 12), decimals=1,
        raw=(
            RawName("Optical.Interface.TransmitOpticalLevel", 0.001), RawName("XPON.ONU.ANI.Transceiver.TxPower", 0.1),
        ),
        limits=(
            Limit("VS", access=("gpon_b",), pass_min=0.5, pass_max=5),
            Limit("VS", access=("xgs",), pass_min=4, pass_max=9),
        ),
        slips=(0.1, 0.01, 0.001), only_for=PON,
    ),
    Measurement(
        "onu_state", Words("光猫注册状态", "ONU state"), "", "OP", kind="choice", allowed=ONU_STATES, good=("O5",),
        raw=(RawName("XPON.ONU.ANI.TC.ONUActivation.ONUState"),), only_for=PON,
    ),
    Measurement(
        "onu_serial", Words("光猫序列号（SN）", "ONU serial number"), "", "O", kind="text",
        raw=(RawName("XPON.ONU.ANI.TC.ONUActivation.SerialNumber"),), only_for=PON,
        note=Words("4 个字母加 8 位十六进制数。", "4 letters and 8 hexadecimal digits."),
    ),
    Measurement(
        "ppp_status", Words("拨号连接状态", "PPP status"), "", "O", kind="choice", allowed=PPP_STATES,
        good=("Connected",), raw=(RawName("PPP.Interface.ConnectionStatus"),),
    ),
    Measurement(
        "ppp_last_error", Words("最近一次拨号错误", "Last PPP error"), "", "O", kind="choice", allowed=PPP_ERRORS,
        good=("ERROR_NONE",), raw=(RawName("PPP.Interface.LastConnectionError"),),
    ),
    Measurement(
        "ppp_auth_time", Words("拨号认证时长", "Time to sign in"), "s", "S", plausible=(0, 120), decimals=1,
        limits=(Limit("S", pass_max=8, single_max=11),), slips=(0.1, 0.001),
        note=Words("多次平均不超过 8 秒，单次不超过 11 秒。",
                   "Average of several at most 8 s, a single one at most 11 s."),
    ),
    Measurement(
        "dl_rate", Words("下行速率", "Download rate"), "Mbit/s", "SP", plausible=(0, 10000), decimals=1,
        raw=(RawName("IP.Diagnostics.DownloadDiagnostics"),), slips=(0.1, 0.001, 0.01, 8),
        limits=(Limit("S", share_of="subscribed_down", pass_min=90, warn_min=80),),
        note=Words("满负荷下取 3 次平均，不低于签约速率的 90%。",
                   "Average of 3 under full load, at least 90 % of the subscribed rate."),
    ),
    Measurement(
        "ul_rate", Words("上行速率", "Upload rate"), "Mbit/s", "SP", plausible=(0, 10000), decimals=1,
        raw=(RawName("IP.Diagnostics.UploadDiagnostics"),), slips=(0.1, 0.001, 0.01, 8),
        limits=(Limit("S", share_of="subscribed_up", pass_min=90, warn_min=80),),
        note=Words("满负荷下取 3 次平均，不低于签约速率的 90%。",
                   "Average of 3 under full load, at least 90 % of the subscribed rate."),
    ),
    Measurement(
        "ping_avg", Words("平均时延", "Average round trip"), "ms", "P", plausible=(0, None), decimals=1,
        raw=(RawName("IP.Diagnostics.IPPing.AverageResponseTime"),),
    ),
    Measurement("jitter", Words("抖动", "Jitter"), "ms", "P", plausible=(0, None), decimals=1),
    Measurement(
        "loss", Words("丢包率（20 个包）", "Packet loss, of 20"), "%", "P", plausible=(0, 100), decimals=0,
        raw=(RawName("IP.Diagnostics.IPPing.FailureCount", 5.0),), limits=(Limit("P", pass_max=0),),
    ),
    Measurement(
        "eth_link_rate", Words("网口协商速率", "Ethernet link rate"), "Mbit/s", "P", plausible=(10, 10000),
        raw=(RawName("Ethernet.Interface.CurrentBitRate"),), limits=(Limit("P", plan_above=100, pass_min=1000),),
    ),
    Measurement(
        "wifi_rssi", Words("Wi-Fi 信号强度", "Wi-Fi signal"), "dBm", "S", plausible=(-100, -20),
        raw=(RawName("WiFi.AccessPoint.AssociatedDevice.SignalStrength"),), slips=(-1, 0.1, 10),
        limits=(
            Limit("S", band=("5",), pass_min=-67, warn_min=-75),
            Limit("S", band=("2.4",), pass_min=-70, warn_min=-75),
        ),
    ),
    Measurement(
        "wifi_phy_rate", Words("Wi-Fi 连接速率", "Wi-Fi link rate"), "Mbit/s", "O", plausible=(0, None),
        raw=(RawName("WiFi.AccessPoint.AssociatedDevice.LastDataDownlinkRate", 0.001),),
    ),
    Measurement(
        "wifi_noise", Words("Wi-Fi 底噪", "Wi-Fi noise"), "dBm", "P", plausible=(-120, -20),
        raw=(RawName("WiFi.Radio.Stats.Noise"),), slips=(-1,),
        note=Words("信噪比（信号减底噪）不低于 20 dB。", "Signal minus noise at least 20 dB."),
    ),
    Measurement(
        "room_dl_rate", Words("房间下行速率", "Download rate in the room"), "Mbit/s", "P", plausible=(0, 10000),
        decimals=1, slips=(0.1, 0.001, 8), limits=(Limit("P", share_of="room_minimum", pass_min=100),),
    ),
    Measurement(
        "dsl_snr_margin", Words("线路信噪比裕量", "DSL noise margin"), "dB", "S", plausible=(0, 40), decimals=1,
        raw=(RawName("DSL.Line.DownstreamNoiseMargin", 0.1), RawName("DSL.Line.UpstreamNoiseMargin", 0.1)),
        limits=(Limit("S", pass_min=11, warn_min=6, warn_min_open=True),), slips=(0.1,), only_for=DSL,
    ),
    Measurement(
        "dsl_attenuation", Words("线路衰减", "DSL attenuation"), "dB", "S", plausible=(0, 80), decimals=1,
        raw=(RawName("DSL.Line.DownstreamAttenuation", 0.1),), slips=(0.1,), only_for=("adsl",),
        limits=(Limit("S", pass_max=50, pass_max_open=True, warn_max=60),),
        note=Words("VDSL2 线路不看此值。", "Does not apply to VDSL2."),
    ),
    Measurement(
        "dsl_crc", Words("15 分钟 CRC 误码数", "CRC errors in 15 min"), "", "P", plausible=(0, None),
        raw=(RawName("DSL.Channel.Stats.Showtime.XTURCRCErrors"),), limits=(Limit("P", pass_max=0),), only_for=DSL,
    ),
    Measurement(
        "device_manufacturer", Words("设备厂家", "Manufacturer"), "", "O", kind="text",
        raw=(RawName("DeviceInfo.Manufacturer"),),
    ),
    Measurement(
        "device_model", Words("设备型号", "Model"), "", "O", kind="text", raw=(RawName("DeviceInfo.ModelName"),),
    ),
    Measurement(
        "device_serial", Words("设备序列号", "Serial number"), "", "O", kind="text",
        raw=(RawName("DeviceInfo.SerialNumber"),),
    ),
    Measurement(
        "device_software", Words("软件版本", "Software version"), "", "O", kind="text",
        raw=(RawName("DeviceInfo.SoftwareVersion"),),
    ),
)  # fmt: skip

MEASUREMENTS: dict[str, Measurement] = {measurement.name: measurement for measurement in _ALL}

# Splitter loss in dB for planning a line's optical budget (S), by the number of ways.
SPLITTER_LOSS: dict[int, float] = {2: 3.4, 4: 7.4, 8: 10.7, 16: 13.9, 32: 17.2, 64: 21.5}
