"""Writes the lists of this folder, as a clerk publishes them in an ordinary week, and what a careful person would enter from them (expected.json)."""
import csv
import io
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "unseen4"))
from shapes import EXPECTED, docx, expect, site, xlsx, year  # noqa: E402


def table(file, rows, encoding="utf-8-sig"):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    (HERE / file).write_bytes(out.getvalue().encode(encoding))


# 1. A county's list: level and batch in one column, the beginning only in the sentence that tells of it
rows = [
    ("屯绿茶厂旧址", "市级、第二批", "休宁县海阳镇", "始建于1934年，现存制茶车间两幢。", 1934, "市", 2),
    ("万安罗盘作坊", "省级（第一批）", "休宁县万安镇", "创办于清雍正元年（1723），是现存最早的罗盘作坊。", 1723, "省", 1),
    ("五城豆干厂", "县级首批", "休宁县五城镇", "1958年建成投产，1996年停产。", 1958, "县", 1),
    ("蓝田水电站", "市级 第三批", "休宁县蓝田镇", "电站于1971年建成，装机两台。", 1971, "市", 3),
    ("流口木材转运站", "县级/第二批", "休宁县流口镇", "1962年春设立，有木构仓库。", 1962, "县", 2),
    ("溪口粮站", "县级，第二批", "休宁县溪口镇", "20世纪50年代建造的苏式粮仓，1983年大修。", None, "县", 2),
    ("商山瓷土矿", "县级；第二批", "休宁县商山镇", "清代即有开采，具体年代不详。", None, "县", 2),
]
table("01-county.csv", [["休宁县工业遗产一览表"], ["序号", "名称", "级别及批次", "地址", "概况"]] + [[i, *r[:4]] for i, r in enumerate(rows, 1)])
expect("01-county.csv", "heritage", [site(n, "341022", level=lv, batch=b, **({"built": [y, None]} if y else {})) for n, _, _, _, y, lv, b in rows])

# 2. A province's announcement with its annex: name and address in one cell, two lines
rows = [
    ("池州九华山钟表厂", "池州市贵池区长江路88号", "341702", "1970年建成投产；装配楼、钟塔"),
    ("天长玩具厂", "滁州市天长市西门大街12号", "341181", "1956年建厂；缝制车间、样品陈列室"),
    ("砀山罐头厂", "宿州市砀山县陇海路", "341321", "1958年建成；杀菌车间、冷库"),
    ("界首卷烟厂", "阜阳市界首市人民路", "341282", "建于1949年；制丝车间、烟叶仓库"),
    ("繁昌获港水泥厂", "芜湖市繁昌区荻港镇", "340212", "1965年投产；立窑、江边码头"),
]
docx(HERE / "02-province-annex.docx", [
    ("c", "安徽省经济和信息化厅关于公布第二批省级工业遗产名单的通知"), ("p", "各市经济和信息化局："),
    ("p", "根据《安徽省省级工业遗产管理办法》，经评审、公示，现将第二批省级工业遗产名单予以公布。"), ("p", "附件：第二批省级工业遗产名单"), ("p", "安徽省经济和信息化厅"), ("p", "2023年11月2日"),
    ("p", "附件"), ("c", "第二批省级工业遗产名单"),
    ("table", [["序号", "名称及地址", "基本情况"]] + [[str(i), f"{n}\n{a}", c] for i, (n, a, _, c) in enumerate(rows, 1)], 1)])
expect("02-province-annex.docx", "heritage", [site(n, d, level="省", batch=2, address=a[-4:], built=year(c[2:] if c[0] == "建" else c)) for n, a, d, c in rows])

# 3. A directory of museums: kind and grade in one column, address and telephone in another
rows = [
    ("铜官山矿史馆", "企业、三级", "铜陵市铜官区长江中路12号/0562-2861234", "340705", "企业", "三级", "铜官区长江中路12号", "0562-2861234"),
    ("皖酒文化馆", "企业/未定级", "蚌埠市龙子湖区胜利东路1号；0552-3012345", "340302", "企业", None, "胜利东路1号", "0552-3012345"),
    ("徽州漆器博物馆", "行业、二级", "黄山市屯溪区稽灵山路 电话：0559-2541234", "341002", "行业", "二级", "稽灵山路", "0559-2541234"),
    ("裕溪口煤港纪念馆", "纪念馆", "芜湖市鸠江区裕溪口街道沿江路", "340207", "纪念", None, "沿江路", None),
    ("淮北煤矿遗址馆", "遗址类、三级", "淮北市相山区孟山路，0561-3054321", "340603", "遗址", "三级", "孟山路", "0561-3054321"),
]
xlsx(HERE / "03-museums.xlsx", [("名录", [["2024年全省工业博物馆名录"], ["序号", "馆名", "类别、等级", "地址/电话", "开放时间"]] + [[i, *r[:3], "9:00-17:00（周一闭馆）"] for i, r in enumerate(rows, 1)], ["A1:E1"])])
expect("03-museums.xlsx", "museum", [site(n, d, kind=k, address=a, **({"grade": g} if g else {}), **({"contact": p} if p else {})) for n, _, _, d, k, g, a, p in rows])

# 4. Time-honoured brands, in Word
rows = [
    ("安庆市胡玉美酿造食品有限责任公司", "胡玉美", "清道光十年（1830年）", "安庆市", 1830),
    ("黄山市屯溪胡开文墨厂", "胡开文", "1765年", "黄山市", 1765),
    ("芜湖耿福兴酒楼", "耿福兴", "光绪十四年", "芜湖市", 1888),
    ("合肥市庐州烤鸭店", "庐州烤鸭", "建国初期", "合肥市", None),
    ("寿县大救驾食品厂", "大救驾", "始于1956年", "淮南市寿县", 1956),
]
docx(HERE / "04-brands.docx", [("c", "第三批安徽老字号名单"), ("p", "（共5家，排名不分先后）"),
                               ("table", [["序号", "企业名称", "字号（品牌）", "创始时间", "所在地"]] + [[str(i), *r[:4]] for i, r in enumerate(rows, 1)], 1)])
expect("04-brands.docx", "brand", [site(b, None, says=[f, b], **({"since": [y, y]} if y else {})) for f, b, _, _, y in rows])

# 5. Bases for study tours: spans of time and of people
rows = [
    ("古井贡酒年份原浆研学基地", "亳州市谯城区古井镇", "酿造车间；酒窖；品酒课程", "1.5–2小时", "300-500人", "341602"),
    ("合肥三十岗砖瓦窑营地", "合肥市庐阳区三十岗乡", "轮窑；陶艺课程", "半天", "约200人", "340103"),
    ("马钢高炉研学基地", "马鞍山市雨山区湖南西路", "9号高炉；炼铁展厅", "90分钟", "120", "340504"),
    ("淮南大通矿山公园", "淮南市大通区", "矿井体验；生态修复展", "2小时左右", "每日不超过400人次", "340402"),
]
xlsx(HERE / "05-study.xlsx", [("Sheet1", [["安徽省工业研学实践教育基地基本情况表"], ["序号", "基地名称", "地址", "可参观内容", "研学时长", "日接待能力"]] + [[i, *r[:5]] for i, r in enumerate(rows, 1)], ["A1:F1"])])
expect("05-study.xlsx", "tour_site", [site("古井贡酒年份原浆研学基地", "341602", says=["1.5–2小时", "300-500人", "品酒课程"]), site("合肥三十岗砖瓦窑营地", "340103", says=["半天", "轮窑"]),
                                      site("马钢高炉研学基地", "340504", visit="90"), site("淮南大通矿山公园", "340402", visit="120", says=["400"])])

# 6. Craftsmen on a page of the union
rows = [("王德发", "男", "马鞍山钢铁股份有限公司", "高级技师", "轧钢工"), ("李秀兰", "女", "安庆帆船实业有限公司", "质检班长", "纺织工"), ("陈志远", "男", "铜陵有色金属集团", "班长、高级技师", "冶炼工"), ("赵小燕", "女", "合肥荣事达电子", "技师", "装配钳工")]
body = "".join(f"<tr><td>{i}</td><td>{n}</td><td>{s}</td><td>{w} {p}</td><td>{t}</td></tr>" for i, (n, s, w, p, t) in enumerate(rows, 1))
(HERE / "06-craftsmen.html").write_text(f"<html><head><meta charset='utf-8'><title>关于命名第四届“安徽工匠”的决定</title></head><body><h2>关于命名第四届“安徽工匠”的决定</h2>"
    f"<p>各市总工会：</p><p>经评审、公示，决定命名王德发等4名同志为第四届“安徽工匠”。</p><table><tr><th>序号</th><th>姓名</th><th>性别</th><th>单位及职务</th><th>工种</th></tr>{body}</table></body></html>", encoding="utf-8")
expect("06-craftsmen.html", "person", [site(n, None, says=[w, p, t, "craftsman"]) for n, s, w, p, t in rows])

# 7. What crosses several places
rows = [("淮南铁路旧线", "淮南市、合肥市、芜湖市", ["340400", "340100", "340200"], 1934), ("淠史杭灌渠渡槽群", "六安市金安区、裕安区，合肥市肥西县", ["341502", "341503", "340123"], 1958),
        ("津浦铁路淮河大桥", "蚌埠市蚌山区和淮上区", ["340303", "340311"], 1909), ("芜屯公路", "芜湖、宣城、黄山三市", ["340200", "341800", "341000"], 1935)]
xlsx(HERE / "07-lines.xlsx", [("线性遗产", [["序号", "名称", "途经地", "所在地", "建成时间"]] + [[i, n, "", p, f"{y}年"] for i, (n, p, _, y) in enumerate(rows, 1)], [])])
expect("07-lines.xlsx", "heritage", [site(n, "；".join(d), built=year(str(y))) for n, _, d, y in rows])

# 8. A page that says everything in pairs of term and description
rows = [("泾县宣纸博物馆", "宣城市泾县榔桥镇", "周二至周日 9:00-16:30", "0563-5601234", "341823"), ("歙砚博物馆", "黄山市歙县徽城镇", "周三至周日 9:00-17:00", "0559-6512345", "341021"), ("繁昌窑陈列馆", "芜湖市繁昌区繁阳镇", "每天 8:30-17:00", "0553-7871234", "340212")]
body = "".join(f"<h3>{n}</h3><dl><dt>地址</dt><dd>{a}</dd><dt>开放时间</dt><dd>{h}</dd><dt>咨询电话</dt><dd>{p}</dd></dl>" for n, a, h, p, _ in rows)
(HERE / "08-pairs.html").write_text(f"<html><head><meta charset='utf-8'><title>工业博物馆</title></head><body><div class='nav'>首页 | 概况</div><h1>工业博物馆指南</h1>{body}<p>版权所有</p></body></html>", encoding="utf-8")
expect("08-pairs.html", "museum", [site(n, d, phone=p, says=[a[-4:]]) for n, a, h, p, d in rows])

# 9. Counties of Taiwan
rows = [("花蓮舊酒廠", "花蓮縣花蓮市中華路144號", "民國十一年"), ("竹田驛站碾米廠", "屏東縣竹田鄉豐明路23號", "民國三十一年"), ("虎尾糖廠", "雲林縣虎尾鎮中山路2號", "明治40年"), ("宜蘭化龍一村酒廠", "宜蘭縣宜蘭市舊城西路3號", "1909年")]
table("09-taiwan.csv", [["編號", "名稱", "地址", "建造年代"]] + [[f"T{i:02}", *r] for i, r in enumerate(rows, 1)], "utf-8")
expect("09-taiwan.csv", "heritage", [site(n, "710000", says=[a]) for n, a, _ in rows])

(HERE / "expected.json").write_text("[\n" + ",\n".join(json.dumps(c, ensure_ascii=False) for c in EXPECTED) + "\n]\n", encoding="utf-8")
