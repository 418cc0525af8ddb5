"""The two visits that browser tests go through, step by step, up to the customer's signature."""

from tests.browser.technicians_hand import Hand, a_photo


def set_out(hand: Hand, *, repair: bool = False) -> None:
    """Step 1: background, kit, call, departure, arrival."""
    hand.go("appointment")
    hand.pick("background_read", "true")
    hand.press_in("kit_check", "button")
    hand.pick("call_outcome", "reached")
    hand.now("announced_arrival")
    if repair:
        hand.suggested("symptoms_by_phone")
    hand.press("[data-before=arrived_at] button")
    hand.now("arrived_at")
    hand.pick("punctuality", "on_time")
    hand.done()


def enter(hand: Hand, *, repair: bool = False) -> None:
    """Step 2: let in, greeting, what is there."""
    hand.go("talk")
    hand.pick("access", "let_in")
    hand.pick("entering", "introduced", "asked_leave", "service_card")
    hand.pick("shoe_covers", "worn")
    hand.pick("explained", "rules", "coverage", "record")
    hand.pick("inside_wiring", "good")
    hand.pick("customer_equipment", "router", "tv")
    if repair:
        hand.suggested("symptoms")
        hand.fill("[id='f-talk-symptoms-own']", "灯一直闪")
        hand.press_in("symptoms", ".row button")
    hand.done()


def install(hand: Hand) -> None:
    """Steps 3 to 5 of an installation that drills a hole."""
    hand.go("work")
    hand.suggested("access_technology")
    hand.pick("go_ahead", "agreed")
    hand.pick("placement_agreed", "device_position", "cable_route", "power_source")
    hand.pick("alters_home", "true")
    hand.write("alteration_what", "客厅电视墙后打一个 8 mm 孔")
    hand.press(".hand-over a")
    hand.sign("alteration_agreement")
    hand.press(".thanks button")
    hand.go("work")
    hand.now("begun_at")
    hand.pick("protection", "cloth_laid", "asked_first", "settings_untouched", "phone_silent")
    hand.done()
    hand.go("proof")
    hand.pick("login", "connected")
    hand.measure("rx_power", -18.5)
    hand.measure("download", 941, 938, 944.5)
    hand.measure("upload", 96, 97)
    hand.pick("outcome", "works")
    hand.now("ended_at")
    hand.done()
    hand.go("file")
    hand.pick("filed_when", "on_site")
    for part, text in (("manufacturer", "HW"), ("model", "HG8245"), ("serial", "HWTC12345678")):
        hand.fill(f"[id='f-file-device-{part}']", text)
    hand.pick("onu_state", "O5")
    hand.measure("link_rate", 1000)
    hand.measure("packet_loss", 0)
    hand.pick("baseline", "true")
    hand.done()


def repair(hand: Hand) -> None:
    """Steps 3 to 5 of a repair."""
    hand.go("work")
    hand.suggested("access_technology")
    hand.pick("moves_anything", "false")
    hand.now("begun_at")
    hand.pick("protection", "asked_first", "settings_untouched", "phone_silent")
    hand.pick("device_replaced", "false")
    hand.done()
    hand.go("proof")
    hand.pick("login", "connected")
    for n in range(2):
        hand.pick_in("symptoms_watched", f"fieldset:nth-of-type({n + 1}) input[value=gone]")
    hand.pick("outcome", "fixed")
    hand.now("ended_at")
    hand.done()
    hand.go("file")
    hand.pick("filed_when", "on_site")
    hand.pick("fault_type", "weak_light")
    hand.pick("fault_cause", "connector")
    hand.pick("actions", "cleaned")
    hand.measure("rx_power", -19)
    hand.measure("download", 940)
    hand.done()


def guide_and_remind(hand: Hand) -> None:
    """Steps 6 and 7."""
    hand.go("guide")
    hand.pick("experience", "everyday")
    hand.pick("guided_everyday", "dialling", "self_help")
    hand.pick("guide_handed", "paper")
    hand.pick("sticky_note", "contact_only")
    hand.done()
    hand.go("remind")
    hand.pick("reminded", "account_safe", "protection")
    hand.pick("timed_tariff", "false")
    hand.done()


def leave(hand: Hand, *, photos: bool = True) -> None:
    """Step 8 with photos, the customer's rating, and both signatures."""
    tidy_up(hand, photos=photos)
    customer_signs(hand)
    hand.go("leave")
    technician_signs(hand)


def tidy_up(hand: Hand, *, photos: bool = True) -> None:
    """Step 8 up to the customer's part."""
    hand.go("leave")
    hand.pick("cleaned", "put_back", "waste_taken")
    hand.pick("photo_agreed", "true" if photos else "false")
    if photos:
        for colour, turned in (("teal", 6), ("brown", 1)):
            hand.photograph("after_photos", a_photo(colour, turned=turned))
    hand.suggested("kit_used")


def technician_signs(hand: Hand) -> None:
    """What is left after the customer's part."""
    hand.sign("technician_signature")
    hand.pick("copy_given", "link")
    hand.now("left_at")
    hand.done()


def customer_signs(hand: Hand) -> None:
    """The phone in the customer's hand: rate, write, sign, give it back."""
    hand.press(".hand-over a")
    hand.pick("conduct_rating", "5")
    hand.pick("overall_rating", "4")
    hand.write("comment", "师傅很细心")
    hand.sign("customer_signature", "王芳")
    hand.press(".thanks button")
