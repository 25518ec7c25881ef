"""What decisions on rewards begin with where a unit has kept no texts of its own. Pure.

Luật Thi đua, khen thưởng 06/2022/QH15. In square brackets stand words that are filled in when the paper is shown.
"""

from __future__ import annotations

from portal.spending.texts import Texts

PEOPLE, FORM, NUMBER = "số người", "hình thức", "quyết định cũ"
FILLED = {"award": (PEOPLE, FORM), "withdrawal": (PEOPLE, FORM, NUMBER)}
KINDS = {"award": "reward", "withdrawal": "reward_back"}  # under which a unit keeps its texts
SUBJECTS = {"award": "Về việc tặng {form}", "withdrawal": "Về việc thu hồi {form}"}


def default_texts(what: str, *, owner: str, title: str, name: str) -> Texts:
    """The usual words of an award or a withdrawal with the unit's own names."""
    grounds, articles = (_GROUNDS, _AWARD) if what == "award" else (_BACK_GROUNDS, _BACK)
    return Texts(grounds, articles.format(owner=owner), _RECIPIENTS, f"TM. BAN THƯỜNG TRỰC\n{title}", name)


_GROUNDS = (
    "Căn cứ Luật Thi đua, khen thưởng số 06/2022/QH15 ngày 15 tháng 6 năm 2022\n"
    "Căn cứ Quy chế thi đua, khen thưởng của cơ quan, đơn vị\n"
    "Xét đề nghị của Hội đồng thi đua, khen thưởng"
)
_AWARD = (
    "Tặng [hình thức] cho [số người] tập thể, cá nhân, hộ gia đình có tên trong danh sách kèm theo, "
    "đã có thành tích trong phong trào chăm lo cho người nghèo.\n"
    "Tập thể, cá nhân, hộ gia đình được khen nhận giấy chứng nhận và tiền thưởng (nếu có) theo quy định.\n"
    "Văn phòng, Hội đồng thi đua, khen thưởng {owner} và các tập thể, cá nhân, hộ gia đình có tên tại Điều 1 "
    "chịu trách nhiệm thi hành Quyết định này. Quyết định có hiệu lực kể từ ngày ký"
)
_BACK_GROUNDS = (
    "Căn cứ Luật Thi đua, khen thưởng số 06/2022/QH15 ngày 15 tháng 6 năm 2022\n"
    "Căn cứ Quyết định khen thưởng số [quyết định cũ]\n"
    "Xét đề nghị của Hội đồng thi đua, khen thưởng"
)
_BACK = (
    "Thu hồi [hình thức] của [số người] trường hợp có tên trong danh sách kèm theo.\n"
    "Người có tên tại Điều 1 nộp lại giấy chứng nhận và tiền thưởng đã nhận (nếu có).\n"
    "Văn phòng, Hội đồng thi đua, khen thưởng {owner} và người có tên tại Điều 1 chịu trách nhiệm thi hành "
    "Quyết định này. Quyết định có hiệu lực kể từ ngày ký"
)
_RECIPIENTS = "Như Điều 3\nLưu: VT"
