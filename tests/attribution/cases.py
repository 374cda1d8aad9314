"""Invented offers with the country to which each leads: written apart from the labelled mail, one rule each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    what: str
    country: str
    sender: str
    text: str
    home: str = "KR"
    reader: str = "kist.re.kr"
    name: str = ""
    reply_to: str = ""
    link: str = ""


CASES = (
    Case(
        "known institution's domain",
        "CN",
        "hzhang@hust.edu.cn",
        "We have an opening for an associate professor. Please send your CV.",
    ),
    Case(
        "unknown institution by its suffix",
        "CN",
        "rsc@xyzit.edu.cn",
        "Our school invites you to apply for a full-time position.",
    ),
    Case(
        ".edu that is German",
        "DE",
        "m.berger@kit.edu",
        "We would like to invite you to apply for the W2 professorship in our faculty.",
    ),
    Case(
        ".edu that is Saudi",
        "SA",
        "hr@alfaisal.edu",
        "The university offers a visiting professorship, 6000 USD a month.",
    ),
    Case(
        ".edu that is American",
        "US",
        "jsmith@purdue.edu",
        "Our department is hiring a full professor and I hope you will apply.",
    ),
    Case(
        "joint campus belongs to its own country",
        "CN",
        "hr@nottingham.edu.cn",
        "The University of Nottingham Ningbo China invites applications for a chair.",
    ),
    Case(
        "agency names the country",
        "CN",
        "lisa@talentpath.online",
        "We are collecting candidates for a national fund in China. Yearly income RMB 800,000.",
    ),
    Case(
        "currency alone",
        "CN",
        "lily.w@gmail.com",
        "A listed company looks for a technical adviser, 30,000 yuan per month, remote is possible.",
    ),
    Case(
        "reader's employer and city are no destination",
        "CN",
        "lee@gmail.com",
        "I read about your work at KIST in Seoul with great interest. A partner laboratory in Hefei offers a position, RMB 600,000 a year.",
    ),
    Case(
        "writer's university of old days",
        "SG",
        "tan.wl@gmail.com",
        "I graduated from Tsinghua University in Beijing and studied at MIT. My group at the National University of Singapore has a research fellow position for you, SGD 8,000 a month.",
    ),
    Case(
        "reader's former university",
        "AE",
        "office@tii.ae",
        "Your years at Caltech and Stanford would fit well. The Technology Innovation Institute offers a post of lead researcher in Abu Dhabi.",
    ),
    Case(
        "conference where they met",
        "CN",
        "wang@163.com",
        "We met at the conference in Munich last year. My university in Xi'an can invite you for two months, 50,000 RMB.",
    ),
    Case(
        "countries of other experts listed",
        "SA",
        "r.hall@outlook.com",
        "Fellows come from Germany, Italy, Japan, China and other countries. The position at a university in Jeddah pays 5,000 dollars a month.",
    ),
    Case(
        "several destinations, none leads",
        "ZZ",
        "info@globalscholarjobs.com",
        "We recruit for universities in China, Singapore and Saudi Arabia. Send us your CV for a suitable position.",
    ),
    Case(
        "nothing tells",
        "ZZ",
        "desk@expertpanel.io",
        "Our client would pay 300 USD per hour for your advice on photonics.",
    ),
    Case(
        "generic ccTLD says nothing",
        "ZZ",
        "hello@quantlab.ai",
        "We are looking for a senior researcher, fully remote, 250k plus equity.",
    ),
    Case(
        "another generic ccTLD",
        "ZZ",
        "jobs@novatech.io",
        "We would like to hire you as scientific adviser. Interested?",
    ),
    Case(
        "own ccTLD of a company",
        "SE",
        "anna.lind@nordceram.se",
        "We are looking for a head of research and would like to meet you.",
    ),
    Case(
        "Hong Kong is its own code",
        "HK",
        "chan@polyu.edu.hk",
        "The Global STEM Professorship Scheme gives us one more chair; the pay is in HKD 200,000 a month.",
    ),
    Case(
        "Macao is its own code",
        "MO",
        "recruit@um.edu.mo",
        "澳門大學誠聘講座教授,年薪120萬元澳門元,提供住房。",
        home="TW",
        reader="ntu.edu.tw",
    ),
    Case(
        "Taiwan dollars are no yuan",
        "TW",
        "lin.hr@gmail.com",
        "本公司位於新竹,誠徵研發顧問,年薪新臺幣300萬元,提供宿舍。",
        home="JP",
        reader="riken.jp",
    ),
    Case(
        "Hong Kong campus on the mainland",
        "CN",
        "hr@cuhk.edu.cn",
        "The Chinese University of Hong Kong, Shenzhen invites you to apply for a presidential chair.",
    ),
    Case(
        "Korean text, Chinese company",
        "CN",
        "park@tb-link.com",
        "중국 쑤저우에 있는 반도체 장비 회사에서 기술고문을 찾고 있습니다. 월 1,000만 원, 현재 근무하시는 곳은 그대로 유지하셔도 됩니다.",
    ),
    Case(
        "Korean text, Vietnam",
        "VN",
        "kim@gmail.com",
        "하노이 소재 VKIST 연구원에서 선임연구위원을 모시고자 합니다. 월 5,000달러와 주택을 제공합니다.",
    ),
    Case(
        "home offer from a freemail address",
        "KR",
        "hunter.choi@naver.com",
        "판교 소재 대기업 연구소에서 수석연구원을 찾고 있습니다. 연봉 2억 원 수준이며 관심 있으시면 이력서를 보내 주십시오.",
    ),
    Case(
        "home university",
        "KR",
        "faculty@yonsei.ac.kr",
        "연세대학교 신소재공학과에서 전임교원 초빙에 박사님을 모시고자 합니다. 10월 말까지 지원해 주십시오.",
    ),
    Case(
        "home company",
        "KR",
        "hr@hanbit-materials.co.kr",
        "저희 회사 중앙연구소장으로 박사님을 모시고 싶습니다. 처우는 협의 가능합니다.",
    ),
    Case(
        "Japanese text, Korea",
        "KR",
        "recruit@unist.ac.kr",
        "蔚山のUNISTで教授を募集しております。年俸1億ウォン、住宅を用意いたします。",
        home="JP",
        reader="aist.go.jp",
    ),
    Case(
        "Japanese nationals wanted elsewhere",
        "CN",
        "tanaka@jinzai-link.com",
        "深センの電池メーカーが日本人の技術顧問を探しております。年収2,000万円、住宅付きです。",
        home="JP",
        reader="nims.go.jp",
    ),
    Case(
        "Japanese text, home company",
        "JP",
        "saiyo@yamato-kinzoku.co.jp",
        "弊社つくば研究所の所長として先生をお迎えしたく存じます。年収1,500万円です。",
        home="JP",
        reader="nims.go.jp",
    ),
    Case(
        "German text, Swiss post",
        "CH",
        "keller@kaderpartner.com",
        "Für ein Unternehmen im Raum Zürich suchen wir eine Laborleitung. Gehalt CHF 180'000.",
        home="DE",
        reader="mpie.de",
    ),
    Case(
        "German text, stay in Germany allowed",
        "CN",
        "buero@innostart-contest.com",
        "Das Finale findet in Hangzhou statt; Preisgelder bis 2 Mio. Yuan. Ihre Stelle in Deutschland können Sie behalten.",
        home="DE",
        reader="kit.edu",
    ),
    Case(
        "French text, Quebec",
        "CA",
        "j.tremblay@gmail.com",
        "Nous avons un poste de professeur à Montréal, salaire 140 000 $ par an, et je pense à toi.",
        home="FR",
        reader="ens-lyon.fr",
    ),
    Case(
        "Russian text, inflected city",
        "RU",
        "otdel@nauka-kadry.com",
        "Приглашаем Вас на должность заведующего лабораторией в Новосибирске, оклад 400 тысяч рублей.",
    ),
    Case(
        "Russian text, Kazakhstan",
        "KZ",
        "priem@mail.ru",
        "Университет в Алматы приглашает Вас читать курс лекций, оплата 2 млн тенге в месяц.",
    ),
    Case(
        "Spanish text, China",
        "CN",
        "coop@weihai-tech.com",
        "La empresa de Weihai busca un asesor y paga 300.000 yuanes al año.",
        home="ES",
        reader="csic.es",
    ),
    Case(
        "Dutch text, Belgium",
        "BE",
        "jan@gmail.com",
        "Bij imec in Leuven zoeken we een groepsleider; de functie is per maart beschikbaar.",
        home="NL",
        reader="tudelft.nl",
    ),
    Case(
        "Israel",
        "IL",
        "cohen@weizmann.ac.il",
        "I invite you to join our department in Rehovot as a visiting professor.",
    ),
    Case(
        "Turkish programme",
        "TR",
        "dekan@metu.edu.tr",
        "We would nominate you for TÜBİTAK 2232 and offer a position in Ankara.",
    ),
    Case(
        "Iran",
        "IR",
        "rezaei@sharif.edu",
        "Our university in Tehran invites you for a sabbatical with salary and apartment.",
    ),
    Case(
        "Indian scheme",
        "IN",
        "office@iitb.ac.in",
        "Under the VAJRA Adjunct Faculty scheme you may spend one to three months in Mumbai.",
    ),
    Case(
        "European programme with a French host",
        "FR",
        "a.durand@universite-paris-saclay.fr",
        "Would you apply with us for an MSCA Postdoctoral Fellowship as senior partner?",
    ),
    Case(
        "European programme without a host",
        "ZZ",
        "info@eu-talentroute.org",
        "Choose Europe for Science: apply for a grant of up to EUR 2 million and move your laboratory.",
    ),
    Case(
        "funder reaches beyond its country",
        "SA",
        "faculty@kaust.edu.sa",
        "Your NSF record and papers with Harvard University collaborators are impressive. We offer a chair with full funding.",
    ),
    Case(
        "landing host",
        "CN",
        "invite@scholar-day.com",
        "Please register for the young scholars' forum; travel and hotel are paid.",
        link="forum.ningbo-talent.gov.cn",
    ),
    Case(
        "Reply-To",
        "KZ",
        "edu.partner@gmail.com",
        "We invite you to teach a summer course, 3000 dollars per month.",
        reply_to="intl@kaznu.kz",
    ),
    Case(
        "calling code alone",
        "CN",
        "recruiter.amy@outlook.com",
        "A good position for you, please contact me: WhatsApp +86 138 0000 1234.",
    ),
    Case(
        "home calling code is no sign",
        "ZZ",
        "recruiter.joe@outlook.com",
        "A consulting project for you. Call me when you are free: +82 10 0000 1234.",
    ),
    Case(
        "talk of going abroad, home currency",
        "ZZ",
        "kang@consult-link.com",
        "해외 배터리 기업에서 자문 위원을 찾고 있습니다. 자문료는 월 800만 원입니다.",
    ),
    Case(
        "programme name in an offer",
        "CN",
        "peter.k@proton.me",
        "You are welcome to apply for the Qiming Program through our platform. Part-time is accepted.",
    ),
    Case(
        "programme of Korea for a reader in Germany",
        "KR",
        "jhlee@postech.ac.kr",
        "We would like to nominate you for Brain Pool; the salary is up to KRW 250 million.",
        home="DE",
        reader="mpie.de",
    ),
    Case(
        "home scholar passes on a foreign post",
        "SA",
        "hjkim@snu.ac.kr",
        "KAUST in Saudi Arabia is looking for a chair professor and asked me for names. The salary is paid in SAR 60,000 a month. I would recommend you for the position.",
    ),
    Case(
        "Chinese text for a reader at home elsewhere",
        "CN",
        "wangfang@qq.com",
        "我校位于苏州,诚聘海外人才,年薪60万元,安家费100万元。您在韩国的工作可以保留。",
    ),
    Case(
        "Chinese text, departure city",
        "CN",
        "hr_rc@163.com",
        "邀请您参加无锡市海外人才洽谈会,从首尔出发补贴机票2000元,现场签约。",
    ),
    Case(
        "Malaysian campus of a Chinese university",
        "MY",
        "hr@xmu.edu.my",
        "Xiamen University Malaysia offers a position of associate professor, RM 12,000 per month.",
    ),
    Case(
        "a city that two countries have",
        "US",
        "talent@biohelix.com",
        "We are a startup in Cambridge, Massachusetts. We offer you the position of chief scientist.",
    ),
    Case(
        "the other one", "GB", "hr@cam.ac.uk", "The department in Cambridge invites you to apply for a professorship."
    ),
    Case(
        "British pounds quoted to a British reader",
        "CN",
        "m.hill@proton.me",
        "An investment house in Shanghai pays 1,000 pounds per report for an adviser.",
        home="GB",
        reader="ucl.ac.uk",
    ),
    Case(
        "company without a country of its own domain",
        "CN",
        "hr@catl.com",
        "我们诚聘首席科学家,年薪面议,提供住房与子女教育。",
    ),
    Case(
        "Gulf university by name from a mail provider's address",
        "QA",
        "dr.hamad@yahoo.com",
        "Qatar University invites you to a paid visiting position for one semester.",
    ),
)
