"""What mail programs write above a message that is answered or handed on, by program and language.

``FORWARDS`` and ``REPLIES`` hold the lines as the program puts them, with the fields of one and the same message:
``{name} <{address}>``, written on 2 March 2026 at 9:14, to ``{to}``, about ``{subject}``. ``AROUND`` is what a writer of
each language has around it: a mark of the gateway, own words, closing and signature, and a confidentiality notice.
"""

from dataclasses import dataclass

WRITER = "li.wei@talent.example"
READER = "kim@institute.example"
OFFICE = "security@institute.example"
SUBJECT = "Invitation 2026"
OFFER = ("Dear Professor,", "We invite you to lead a laboratory in the new year.")


@dataclass(frozen=True)
class Around:
    banner: str
    own: str
    closing: str
    signature: str
    disclaimer: str
    forward: str
    reply: str


AROUND = {
    "ko": Around(
        "[외부메일] 본 메일은 외부에서 발송된 메일입니다. 첨부파일과 링크에 주의하세요.",
        "이런 메일을 받아서 보내드립니다. 확인해 주시기 바랍니다.",
        "감사합니다.",
        "김민수 드림\n책임연구원, 한국연구소\n전화: 042-000-0000",
        "본 메일은 지정된 수신인만을 위한 것이며 기밀 정보를 포함할 수 있습니다. 잘못 수신하신 경우 삭제해 주십시오.",
        "FW: ",
        "RE: ",
    ),
    "zh": Around(
        "[外部邮件] 注意：此邮件来自外部，请勿点击链接或附件。",
        "我收到了这封邮件，请帮忙看一下。",
        "此致",
        "李明\n研究所 办公室\n电话：010-0000-0000",
        "本邮件含有保密信息，仅供指定收件人使用。如误收，请立即删除。",
        "转发: ",
        "回复: ",
    ),
    "ja": Around(
        "[社外メール] 注意：このメールは社外から送信されました。リンクや添付ファイルにご注意ください。",
        "このようなメールを受け取りましたので、ご確認ください。",
        "よろしくお願いいたします。",
        "佐藤 一郎\n研究所 研究室\n電話 03-0000-0000",
        "このメールは宛先の受信者のみを対象とし、機密情報を含みます。誤って受信した場合は削除してください。",
        "FW: ",
        "RE: ",
    ),
    "en": Around(
        "CAUTION: This email originated from outside of the organization. Do not click links or open attachments.",
        "I have received this message and would like you to look at it.",
        "Kind regards,",
        "Minsu Kim\nSenior researcher, Institute of Physics\nTel. +82 42 000 0000",
        "This e-mail is confidential and intended for the addressee only. If received in error, please delete it.",
        "FW: ",
        "RE: ",
    ),
    "de": Around(
        "Achtung: Diese E-Mail wurde von einem externen Absender gesendet. Öffnen Sie keine Anhänge.",
        "diese Nachricht habe ich erhalten und bitte um Prüfung.",
        "Mit freundlichen Grüßen",
        "Anna Berg\nInstitut für Physik\nTel. +49 30 000000",
        "Diese E-Mail ist vertraulich und nur für den Empfänger bestimmt. Bei Irrtum bitte löschen und vernichten.",
        "WG: ",
        "AW: ",
    ),
    "fr": Around(
        "Attention : ce courriel provient d'un expéditeur externe. Ne cliquez pas sur les liens.",
        "j'ai reçu ce message et vous prie de le regarder.",
        "Cordialement,",
        "Anne Petit\nLaboratoire de physique\nTél. +33 1 00 00 00 00",
        "Ce message est confidentiel et réservé au destinataire. S'il vous parvient par erreur, veuillez le supprimer.",
        "TR: ",
        "RE: ",
    ),
    "ru": Around(
        "Внимание! Письмо получено от внешнего отправителя. Не открывайте вложения и ссылки.",
        "Я получил это письмо и прошу его посмотреть.",
        "С уважением,",
        "Иван Петров\nИнститут физики\nтел. +7 495 000-00-00",
        "Это сообщение конфиденциально и предназначено только адресату. Если вы получили его по ошибке, удалите его.",
        "Пересл: ",
        "Отв: ",
    ),
}

_GMAIL = "---------- Forwarded message ---------\n"
_QQ = "------------------ 原始邮件 ------------------\n"

FORWARDS = {
    ("gmail", "en"): _GMAIL
    + "From: {name} <{address}>\nDate: Mon, Mar 2, 2026 at 9:14 AM\nSubject: {subject}\nTo: <{to}>",
    ("gmail", "ko"): _GMAIL
    + "보낸사람: {name} <{address}>\nDate: 2026년 3월 2일 (월) 오전 9:14\nSubject: {subject}\nTo: <{to}>",
    ("gmail", "zh"): _GMAIL
    + "发件人： {name} <{address}>\nDate: 2026年3月2日周一 09:14\nSubject: {subject}\nTo: <{to}>",
    ("gmail", "ja"): _GMAIL + "From: {name} <{address}>\nDate: 2026年3月2日(月) 9:14\nSubject: {subject}\nTo: <{to}>",
    ("gmail", "de"): _GMAIL
    + "Von: {name} <{address}>\nDate: Mo., 2. März 2026 um 09:14 Uhr\nSubject: {subject}\nTo: <{to}>",
    ("gmail", "fr"): _GMAIL + "De : {name} <{address}>\nDate: lun. 2 mars 2026 à 09:14\nSubject: {subject}\nTo: <{to}>",
    ("gmail", "ru"): _GMAIL
    + "От: {name} <{address}>\nDate: пн, 2 мар. 2026 г. в 09:14\nSubject: {subject}\nTo: <{to}>",
    (
        "outlook",
        "en",
    ): "From: {name} <{address}>\nSent: Monday, March 2, 2026 9:14 AM\nTo: {to}\nSubject: {subject}",
    (
        "outlook",
        "ko",
    ): "보낸 사람: {name} <{address}>\n보낸 날짜: 2026년 3월 2일 월요일 오전 9:14\n받는 사람: {to}\n제목: {subject}",
    ("outlook", "zh"): "发件人: {name} <{address}>\n发送时间: 2026年3月2日 9:14\n收件人: {to}\n主题: {subject}",
    ("outlook", "ja"): "差出人: {name} <{address}>\n送信日時: 2026年3月2日 9:14\n宛先: {to}\n件名: {subject}",
    ("outlook", "de"): "Von: {name} <{address}>\nGesendet: Montag, 2. März 2026 09:14\nAn: {to}\nBetreff: {subject}",
    ("outlook", "fr"): "De : {name} <{address}>\nEnvoyé : lundi 2 mars 2026 09:14\nÀ : {to}\nObjet : {subject}",
    (
        "outlook",
        "ru",
    ): "От: {name} <{address}>\nОтправлено: понедельник, 2 марта 2026 г. 9:14\nКому: {to}\nТема: {subject}",
    (
        "outlook mobile",
        "en",
    ): "________________________________\nFrom: {name} <{address}>\nSent: Monday, March 2, 2026 9:14:00 AM\nTo: {to}\nSubject: {subject}",
    (
        "outlook express",
        "en",
    ): "-----Original Message-----\nFrom: {name} [mailto:{address}]\nSent: Monday, March 2, 2026 9:14 AM\nTo: {to}\nSubject: {subject}",
    (
        "outlook express",
        "ko",
    ): "-----원본 메시지-----\n보낸 사람: {name} [mailto:{address}]\n보낸 날짜: 2026년 3월 2일 월요일 오전 9:14\n받는 사람: {to}\n제목: {subject}",
    (
        "outlook express",
        "zh",
    ): "-----邮件原件-----\n发件人: {name} [mailto:{address}]\n发送时间: 2026年3月2日 9:14\n收件人: {to}\n主题: {subject}",
    (
        "outlook express",
        "ja",
    ): "-----元のメッセージ-----\n差出人: {name} [mailto:{address}]\n送信日時: 2026年3月2日 9:14\n宛先: {to}\n件名: {subject}",
    (
        "outlook express",
        "de",
    ): "-----Ursprüngliche Nachricht-----\nVon: {name} [mailto:{address}]\nGesendet: Montag, 2. März 2026 09:14\nAn: {to}\nBetreff: {subject}",
    (
        "outlook express",
        "fr",
    ): "-----Message d'origine-----\nDe : {name} [mailto:{address}]\nEnvoyé : lundi 2 mars 2026 09:14\nÀ : {to}\nObjet : {subject}",
    (
        "outlook express",
        "ru",
    ): "-----Исходное сообщение-----\nОт: {name} [mailto:{address}]\nОтправлено: 2 марта 2026 г. 9:14\nКому: {to}\nТема: {subject}",
    (
        "apple",
        "en",
    ): "Begin forwarded message:\n\nFrom: {name} <{address}>\nSubject: {subject}\nDate: 2 March 2026 at 09:14:00\nTo: {to}",
    (
        "apple",
        "ko",
    ): "전달된 메시지 시작:\n\n보낸 사람: {name} <{address}>\n제목: {subject}\n날짜: 2026년 3월 2일 오전 9:14:00\n받는 사람: {to}",
    (
        "apple",
        "zh",
    ): "开始转发的邮件：\n\n发件人: {name} <{address}>\n主题: {subject}\n日期: 2026年3月2日 09:14:00\n收件人: {to}",
    (
        "apple",
        "ja",
    ): "転送されたメッセージ:\n\n差出人: {name} <{address}>\n件名: {subject}\n日付: 2026年3月2日 9:14:00\n宛先: {to}",
    (
        "apple",
        "de",
    ): "Anfang der weitergeleiteten Nachricht:\n\nVon: {name} <{address}>\nBetreff: {subject}\nDatum: 2. März 2026 um 09:14:00\nAn: {to}",
    (
        "apple",
        "fr",
    ): "Début du message réexpédié :\n\nDe: {name} <{address}>\nObjet: {subject}\nDate: 2 mars 2026 à 09:14:00\nÀ: {to}",
    (
        "apple",
        "ru",
    ): "Начало переадресованного сообщения:\n\nОт: {name} <{address}>\nТема: {subject}\nДата: 2 марта 2026 г., 09:14:00\nКому: {to}",
    (
        "thunderbird",
        "en",
    ): "-------- Forwarded Message --------\nSubject: \t{subject}\nDate: \tMon, 2 Mar 2026 09:14:00\nFrom: \t{name} <{address}>\nTo: \t{to}",
    (
        "thunderbird",
        "ko",
    ): "-------- 전달된 메시지 --------\n제목: \t{subject}\n날짜: \tMon, 2 Mar 2026 09:14:00\n보낸 사람: \t{name} <{address}>\n받는 사람: \t{to}",
    (
        "thunderbird",
        "zh",
    ): "-------- 转发的消息 --------\n主题: \t{subject}\n日期: \tMon, 2 Mar 2026 09:14:00\n发件人: \t{name} <{address}>\n收件人: \t{to}",
    (
        "thunderbird",
        "ja",
    ): "-------- 転送されたメッセージ --------\n件名: \t{subject}\n日付: \tMon, 2 Mar 2026 09:14:00\n差出人: \t{name} <{address}>\n宛先: \t{to}",
    (
        "thunderbird",
        "de",
    ): "-------- Weitergeleitete Nachricht --------\nBetreff: \t{subject}\nDatum: \tMon, 2 Mar 2026 09:14:00\nVon: \t{name} <{address}>\nAn: \t{to}",
    (
        "thunderbird",
        "fr",
    ): "-------- Message transféré --------\nSujet : \t{subject}\nDate : \tMon, 2 Mar 2026 09:14:00\nDe : \t{name} <{address}>\nPour : \t{to}",
    (
        "thunderbird",
        "ru",
    ): "-------- Перенаправленное сообщение --------\nТема: \t{subject}\nДата: \tMon, 2 Mar 2026 09:14:00\nОт: \t{name} <{address}>\nКому: \t{to}",
    (
        "naver",
        "ko",
    ): '-----Original Message-----\nFrom: "{name}" <{address}>\nTo: <{to}>\nCc:\nSent: 2026-03-02 (월) 09:14:00\nSubject: {subject}',
    (
        "naver classic",
        "ko",
    ): '-----원본 메일-----\n보낸사람: "{name}" <{address}>\n받는사람: <{to}>\n날짜: 2026-03-02 (월) 09:14:00\n제목: {subject}',
    (
        "daum",
        "ko",
    ): '--------- 원본 메일 ---------\n보낸이: "{name}" <{address}>\n받는이 : {to}\n날짜: 2026년 3월 2일 월요일, 09시 14분 00초\n제목: {subject}',
    (
        "qq",
        "zh",
    ): _QQ
    + '发件人: "{name}" <{address}>;\n发送时间: 2026年3月2日(星期一) 上午9:14\n收件人: "Kim"<{to}>;\n主题: {subject}',
    (
        "163",
        "zh",
    ): '-------- 转发邮件信息 --------\n发件人："{name}" <{address}>\n发送日期：2026-03-02 09:14:00\n收件人："Kim" <{to}>\n主题：{subject}',
    (
        "foxmail",
        "zh",
    ): "发件人： {name} <{address}>\n发送时间： 2026-03-02 09:14\n收件人： {to}\n主题： {subject}",
    (
        "yandex",
        "ru",
    ): '-------- Пересылаемое сообщение --------\n02.03.2026, 09:14, "{name}" <{address}>:',
    (
        "mail.ru",
        "ru",
    ): "-------- Пересылаемое сообщение --------\nОт кого: {name} <{address}>\nКому: {to}\nДата: Понедельник, 2 марта 2026, 9:14\nТема: {subject}",
}

REPLIES = {
    ("gmail", "en"): "On Mon, Mar 2, 2026 at 9:14 AM {name} <{address}> wrote:",
    ("gmail", "ko"): "2026년 3월 2일 (월) 오전 9:14, {name} <{address}>님이 작성:",
    ("gmail", "zh"): "{name} <{address}> 于2026年3月2日周一 09:14写道：",
    ("gmail", "ja"): "2026年3月2日(月) 9:14 {name} <{address}>:",
    ("gmail", "de"): "Am Mo., 2. März 2026 um 09:14 Uhr schrieb {name} <{address}>:",
    ("gmail", "fr"): "Le lun. 2 mars 2026 à 09:14, {name} <{address}> a écrit :",
    ("gmail", "ru"): "пн, 2 мар. 2026 г. в 09:14, {name} <{address}>:",
    ("apple", "en"): "On 2 Mar 2026, at 09:14, {name} <{address}> wrote:",
    ("apple", "ko"): "2026. 3. 2. 오전 9:14, {name} <{address}> 작성:",
    ("apple", "zh"): "2026年3月2日 09:14，{name} <{address}> 写道：",
    ("apple", "ja"): "2026/03/02 9:14、{name} <{address}>のメール:",
    ("apple", "de"): "Am 02.03.2026 um 09:14 schrieb {name} <{address}>:",
    ("apple", "fr"): "Le 2 mars 2026 à 09:14, {name} <{address}> a écrit :",
    ("apple", "ru"): "2 марта 2026 г., в 09:14, {name} <{address}> написал(а):",
    ("thunderbird", "en"): "On 02/03/2026 09:14, {name} wrote:",
    ("thunderbird", "ko"): "2026-03-02 오전 9:14에 {name} 이(가) 쓴 글:",
    ("thunderbird", "zh"): "在 2026/3/2 9:14, {name} 写道:",
    ("thunderbird", "ja"): "On 2026/03/02 9:14, {name} wrote:",
    ("thunderbird", "de"): "Am 02.03.26 um 09:14 schrieb {name}:",
    ("thunderbird", "fr"): "Le 02/03/2026 à 09:14, {name} a écrit :",
    ("thunderbird", "ru"): "02.03.2026 9:14, {name} пишет:",
    ("yandex", "ru"): '02.03.2026, 09:14, "{name}" <{address}>:',
}
