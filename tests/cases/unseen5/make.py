"""Writes the lists of this folder and expected.json: `python3 make.py` (xlwt for the old spreadsheets, ogr2ogr for the GeoPackage, else the standard library)."""
import json
import pathlib
import subprocess
import sys

import xlwt

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "unseen4"))
sys.dont_write_bytecode = True
from shapes import EXPECTED, docx, expect, ods, site, xlsx, year  # noqa: E402

# 1. Marks out of a map program: folders by district, the particulars as lines of the description (places real, particulars made up)
marks = [("瑶海区", "340102", [("合肥钢铁厂高炉区", "大兴镇和平路", "1958年", "遗址", 117.3642, 31.8871), ("安纺老厂房", "明光路街道", "1954年", "活化利用", 117.3125, 31.8702), ("合肥叉车总厂旧址", "七里站街道", "1958年", "闲置", 117.3188, 31.8744)]),
         ("蜀山区", "340104", [("合肥无线电二厂旧址", "三里庵街道", "1970年", "活化利用", 117.2531, 31.8517), ("合肥仪表厂旧址", "稻香村街道", "1958年", "活化利用", 117.2402, 31.8399)]),
         ("包河区", "340111", [("合肥柴油机厂", "烟墩街道", "1972年", "活化利用", 117.3037, 31.7721), ("江淮汽车老厂区", "常青街道", "1964年", "在产", 117.2899, 31.8213)])]
kml, want = [], []
for district, code, items in marks:
    kml.append(f"<Folder><name>{district}</name><open>1</open>")
    for name, where, built, use, x, y in items:
        kml.append(f"<Placemark><name>{name}</name><styleUrl>#s1</styleUrl><description><![CDATA[地址：{where}<br>建成年代：{built}<br/>利用现状：{use}]]></description><Point><coordinates>{x},{y},0</coordinates></Point></Placemark>")
        want.append(site(name, code, address=where, built=year(built), use=use, lon=x, lat=y))
    kml.append("</Folder>")
(HERE / "01-map-marks.kml").write_text('<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>合肥工业遗产</name><Style id="s1"><IconStyle><scale>1.1</scale></IconStyle></Style>\n' + "\n".join(kml) + "\n</Document></kml>\n", encoding="utf-8")
expect("01-map-marks.kml", "heritage", want)

# 2. A survey's GeoPackage: columns by the first letters of their pinyin, CGCS2000 in a 3-degree zone (places real, particulars made up)
survey = [("TL001", "铜官山铜矿露采坑", "铜官区", "340705", "露采新村", "1952", "遗址", "一般", 117.8203, 30.9134), ("TL002", "扫把沟发电厂旧址", "铜官区", "340705", "扫把沟街道", "1956", "闲置", "较差", 117.7641, 30.9377),
          ("TL003", "第一冶炼厂烟囱", "铜官区", "340705", "横港", "1953", "闲置", "一般", 117.7429, 30.9011), ("TL004", "凤凰山铜矿选厂", "义安区", "340706", "顺安镇凤凰山村", "1971", "闲置", "较差", 118.0325, 30.8722),
          ("TL005", "新桥矿业竖井", "义安区", "340706", "顺安镇", "1978", "在产", "好", 118.0021, 30.9198), ("TL006", "井边铜矿旧址", "枞阳县", "340722", "钱铺镇井边村", "1958", "遗址", "差", 117.3755, 31.0166),
          ("TL007", "白柳公社矾矿冶炼遗址", "枞阳县", "340722", "白柳镇", "1959", "遗址", "较差", 117.4012, 31.0588)]
geojson = {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"BH": b, "MC": n, "SZXQ": q, "DZ": a, "JCND": y, "LYXZ": u, "BCZK": c, "BZ": ""}, "geometry": {"type": "Point", "coordinates": [x, yy]}} for b, n, q, _, a, y, u, c, x, yy in survey]}
path = HERE / "02-survey-gk.gpkg"
path.unlink(missing_ok=True)
subprocess.run(["ogr2ogr", "--config", "OGR_CURRENT_DATE", "2024-05-08T09:30:00Z", "-f", "GPKG", str(path), "/vsistdin/", "-nln", "GYYC_PT", "-s_srs", "EPSG:4490", "-t_srs", "EPSG:4548"],
               input=json.dumps(geojson, ensure_ascii=False).encode(), check=True, capture_output=True)
expect("02-survey-gk.gpkg", "heritage", [site(n, d, address=a, built=year(y), use=u, condition=c, lon=x, lat=yy) for _, n, _, d, a, y, u, c, x, yy in survey])

# 3. An official account's article, copied: a block of lines for each site (names and places real, words ours)
blocks = [("合肥钢铁厂", "安徽省合肥市瑶海区", "1958年小高炉；高炉区；铁轨", "340102"), ("泾县宣纸厂", "安徽省宣城市泾县", "宣纸制作技艺；老办公楼；晒滩", "341823"), ("古井贡酒年份原浆传统酿造区", "安徽省亳州市谯城区", "宋井；明井；明代窖池群", "341602"),
          ("贵池茶厂", "安徽省池州市贵池区", "祁红木仓；手工拣厂；木质祁红生产线", "341702"), ("歙县老胡开文墨厂", "安徽省黄山市歙县", "点烟车间；压墨机；清同治墨模", "341021"), ("庐江矾矿", "安徽省合肥市庐江县", "矿硐；煅烧炉；老街", "340124"),
          ("安庆胡玉美酱园", "安徽省安庆市迎江区、大观区", "老厂房；制酱缸", ["340802；340803", "340803；340802"])]
(HERE / "03-account-article.txt").write_text("盘点｜安徽的国家工业遗产，你去过几个？\n\n原创 皖工 安徽工业旅游 2024-05-18 17:30 安徽\n\n今天是国际博物馆日，小编带大家看看我省的国家工业遗产。\n\n" + "\n\n".join(
    f"{i:02}\n{n}\n地址：{a}\n核心物项：{c}" for i, (n, a, c, _) in enumerate(blocks, 1)) + "\n\nEND\n\n来源｜工业和信息化部网站\n编辑｜小陈\n审核｜老周\n\n点赞 在看 分享\n", encoding="utf-8")
expect("03-account-article.txt", "heritage", [site(n, d, core=c.split("；")) for n, _, c, d in blocks])

# 4. Time-honoured brands (some names real, particulars made up)
brands = [("合肥市", "庐州烤鸭店", "庐州烤鸭", "安徽庐州烤鸭餐饮有限公司", "1984年", "340100"), ("芜湖市", "傻子瓜子", "傻子", "芜湖市傻子瓜子有限总公司", "1979年", "340200"), ("芜湖市", "耿福兴", "耿福兴", "芜湖市耿福兴酒楼", "1888年", "340200"),
          ("安庆市", "胡玉美", "胡玉美", "安庆市胡玉美酿造食品有限责任公司", "1830年", "340800"), ("安庆市", "余良卿号", "余良卿", "安徽安科余良卿药业有限公司", "1855年", "340800"), ("黄山市", "谢裕大", "谢裕大", "谢裕大茶叶股份有限公司", "1875年", "341000"),
          ("黄山市", "同德仁", "同德仁", "黄山市屯溪同德仁药店", "1863年", "341000"), ("宣城市", "红星", "红星", "中国宣纸股份有限公司", "1951年", "341800"), ("亳州市", "古井贡", "古井贡", "安徽古井贡酒股份有限公司", "1959年", "341600")]
rows = [["附件1"], ["安徽老字号名单（第四批）"], ["序号", "地市", "字号", "注册商标", "企业名称", "创立年份", "主营产品"]]
for i, (city, name, mark, firm, since, _) in enumerate(brands, 1):
    rows.append([i, city, name, mark, firm, since, ""])
xlsx(HERE / "04-brands.xlsx", [("老字号", rows, ["A2:G2"])])
expect("04-brands.xlsx", "brand", [site(n, d, says=[firm, since[:4], "安徽老字号"]) for _, n, _, firm, since, d in brands])

# 5. Masters of arts and crafts, a notice in Word, cities merged (names made up)
masters = [("合肥市", "340100", [("陶大有", "男", "火笔画", "合肥市工艺美术研究所", "正高级工艺美术师"), ("钱小梅", "女", "剪纸", "合肥市非遗园", "高级工艺美术师")]),
           ("芜湖市", "340200", [("储铁山", "男", "铁画", "芜湖市飞龙铁画工艺有限公司", "高级工艺美术师"), ("张铁匠", "男", "铁画", "芜湖市镜湖区张氏铁画社", "工艺美术师"), ("杨春兰", "女", "通草画", "芜湖市通草画研究会", "工艺美术师")]),
           ("黄山市", "341000", [("汪石砚", "男", "歙砚", "歙县砚石工艺厂", "高级工艺美术师"), ("方木雕", "男", "徽州木雕", "黄山市徽州区方氏三雕", ""), ("程漆林", "男", "徽州漆器", "屯溪区程氏漆艺", "高级工艺美术师")]),
           ("阜阳市", "341200", [("卢彩陶", "男", "界首彩陶", "界首市卢山彩陶厂", "高级工艺美术师")])]
table, n, want = [["序号", "市别", "姓名", "性别", "从事专业", "工作单位", "职称"]], 0, []
for city, code, people in masters:
    for i, (name, sex, trade, unit, rank) in enumerate(people):
        n += 1
        table.append([str(n), (city if i == 0 else "", {"down": "restart" if i == 0 else "continue"}), " ".join(name) if len(name) == 2 else name, sex, trade, unit, rank])
        want.append(site(name, code, says=[trade, unit, "工艺美术大师"] + ([rank] if rank else [])))
docx(HERE / "05-masters.docx", [("c", "关于公布第七届安徽省工艺美术大师名单的通知"), ("p", "各市经济和信息化局："), ("p", "根据《传统工艺美术保护条例》，经申报、评审、公示，授予陶大有等9人“安徽省工艺美术大师”称号，现予公布。"), ("p", "附件：第七届安徽省工艺美术大师名单"),
                                ("c", "第七届安徽省工艺美术大师名单"), ("table", table, 1)])
expect("05-masters.docx", "person", want)

# 6. Registration forms in Word, a table for each site, label beside value (made up but for the places)
forms = [("大砻坊面粉厂", "芜湖市镜湖区", "砻坊路", "1894年", "农副食品加工业", "芜湖市文化投资有限公司", "活化利用", "较好", "始建于清末，现存制粉楼一栋。", "340202"), ("荻港水泥厂石灰窑", "芜湖市繁昌区", "荻港镇", "1965年", "非金属矿物制品业", "荻港镇人民政府", "闲置", "较差", "现存石灰窑两座。", "340212"),
         ("南陵丫山小三线仓库", "芜湖市南陵县", "何湾镇丫山村", "1969年", "装卸搬运和仓储业", "何湾镇人民政府", "闲置", "一般", "砖石结构，单层。", "340223"), ("无为船厂滑道", "芜湖市无为市", "泥汊镇", "1958年", "船舶制造", "无为市交通局", "遗址", "差", "仅存滑道。", "340281"),
         ("弋江轮窑", "芜湖市弋江区", "白马街道", "1972年", "砖瓦制造", "白马街道办事处", "遗址", "较差", "轮窑一座，24门。", "340209")]
parts, want = [("c", "芜湖市工业遗产调查登记表汇编")], []
for i, (name, division, where, built, industry, owner, use, state, text, code) in enumerate(forms, 1):
    parts += [("c", "工业遗产调查登记表"), ("p", f"编号：WH-{i:03}                填表日期：2022年7月"),
              ("table", [["遗产名称", (name, {"span": 3})], ["所在地", division, "详细地址", where], ["始建时间", built, "所属行业", industry], ["权属单位", owner, "利用现状", use], ["保存状况", state, "占地面积（㎡）", ""], ["简介", (text, {"span": 3})]], 0)]
    want.append(site(name, code, address=where, built=year(built), owner=owner, use=use, condition=state, says=[text]))
docx(HERE / "06-forms.docx", parts)
expect("06-forms.docx", "heritage", want)

# 7. “Unicode text” out of Excel: UTF-16, tabs, a cell with a line break in quotes (made up but for the places)
texts = [("1", "蚌埠市", "蚌山区", "宝兴面粉厂", "1928年", "活化利用", "红砖厂房", "340303"), ("2", "蚌埠市", "龙子湖区", "蚌埠机务段扇形车库", "1911年", "在用", "车库一座\n转盘一座", "340302"), ("3", "蚌埠市", "禹会区", "蚌埠卷烟厂老厂区", "1940年", "闲置", "烟叶仓库", "340304"),
         ("4", "蚌埠市", "淮上区", "小蚌埠砖瓦厂", "1956年", "闲置", "轮窑", "340311"), ("5", "滁州市", "全椒县", "全椒柴油机厂铸造车间", "1958年", "在产", "", "341124"), ("6", "滁州市", "明光市", "明光酒厂窖池", "1951年", "在产", "老窖池36口", "341182"),
         ("7", "滁州市", "凤阳县", "凤阳石英矿破碎站", "1973年", "停用", "", "341126"), ("8", "滁州市", "定远县", "定远盐矿", "1989年", "在产", "卤井", "341125")]
(HERE / "07-unicode-text.txt").write_bytes(("\ufeff" + "序号\t市\t县（市、区）\t遗产名称\t始建年代\t利用现状\t现存主要遗存\r\n" + "".join("\t".join(f'"{v}"' if "\n" in v else v for v in t[:7]) + "\r\n" for t in texts)).encode("utf-16-le"))
expect("07-unicode-text.txt", "heritage", [site(n, d, built=year(b), use={"在用": "在产", "停用": "闲置"}.get(u, u), **({"core": c.split("\n")} if c else {})) for _, _, _, n, b, u, c, d in texts])

# 8. A guide to museums on a web page: a heading and lines for each, no table (places real, hours made up)
TUESUN, ALL = "2,3,4,5,6,7", "1,2,3,4,5,6,7"
guide = [("中国宣纸博物馆", "宣城市泾县乌溪", "周二至周日9:00-17:00", "免费", "0563-5600319", "341823", [[TUESUN, "09:00", "17:00"]]), ("淮北工业博物馆", "淮北市相山区相山中路老电厂", "周二至周日9:00-17:00，周一闭馆", "免费", "0561-3198800", "340603", [[TUESUN, "09:00", "17:00"]]),
         ("古井酒文化博物馆", "亳州市谯城区古井镇", "8:30-17:30", "60元/人", "0558-5710099", "341602", [[ALL, "08:30", "17:30"]]), ("谢裕大茶叶博物馆", "黄山市徽州区文峰东路", "8:00-17:00", "20元", "0559-3583900", "341004", [[ALL, "08:00", "17:00"]]),
         ("合肥家电故事馆", "合肥市包河区合柴1972园内", "10:00-20:00", "免费", "0551-63505118", "340111", [[ALL, "10:00", "20:00"]]), ("祁红博物馆", "黄山市祁门县祁山镇", "9:00-16:30", "免费", "0559-4512299", "341024", [[ALL, "09:00", "16:30"]])]
(HERE / "08-museum-guide.html").write_text("""<!DOCTYPE html><html><head><meta charset="utf-8"><title>安徽工业博物馆打卡攻略_皖美旅行网</title></head><body><header><nav><ul><li><a href="/">首页</a></li><li><a href="/gl">攻略</a></li><li><a href="/jd">酒店</a></li></ul></nav></header>
<article><h1>安徽工业博物馆打卡攻略</h1><p class="meta">作者：旅行小鹿 发布：2024-06-01 浏览 5821</p><p>工业博物馆越来越火，这里整理了省内值得一去的六家。</p>
""" + "\n".join(f'<h3>{i}. {n}</h3><p><img src="/u/{i}.jpg" alt="{n}"></p><p>地址：{a}</p><p>开放时间：{h}</p><p>门票：{t}</p><p>电话：{p}</p>' for i, (n, a, h, t, p, _, _) in enumerate(guide, 1)) + """
</article><aside><h3>相关推荐</h3><ul><li><a>皖南周末去哪儿</a></li><li><a>合肥亲子游</a></li></ul></aside><footer><p>皖ICP备00000000号</p></footer></body></html>
""", encoding="utf-8")
expect("08-museum-guide.html", "museum", [site(n, d, hours=w, ticket=t, contact=p, address=a[-4:]) for n, a, _, t, p, d, w in guide])

# 9. A list printed in two halves, side by side (made up but for the places)
halves = [("马钢工业旅游区", "雨山区", "340504"), ("蒙牛乳业观光工厂", "经开区", None), ("当涂黄池酱菜文化园", "当涂县", "340521"), ("采石矶酿造展示馆", "雨山区", "340504"), ("含山褒禅山酒文化园", "含山县", "340522"), ("和县乌江农机博览园", "和县", "340523"),
          ("博望刃模具小镇", "博望区", "340506"), ("花山长江钢铁文化街区", "花山区", "340503"), ("太白豆制品工坊", "当涂县", "340521"), ("凹山地质文化公园", "雨山区", "340504")]
rows = [["马鞍山市工业旅游基地名单"], ["序号", "名  称", "县区", None, "序号", "名  称", "县区"]]
for i in range(5):
    rows.append([i + 1, halves[i][0], halves[i][1], None, i + 6, halves[i + 5][0], halves[i + 5][1]])
xlsx(HERE / "09-side-by-side.xlsx", [("Sheet1", rows, ["A1:G1"])], inline=True)
expect("09-side-by-side.xlsx", "tour_site", [site(n, d or "340500") if d else site(n) for n, _, d in halves])

# 10. Points with degrees, minutes and seconds, several ways of writing them in one column (places real, points made up)
dms = [("安庆内军械所旧址", "迎江区", "340802", "117°03′08″,30°30′47″", 117.05222, 30.51306), ("安庆电灯厂旧址", "迎江区", "340802", "117°02′30.5″,30°30′26.2″", 117.04181, 30.50728), ("白鳍豚水泥厂", "大观区", "340803", "E117°00′41″ N30°30′09″", 117.01139, 30.5025),
       ("石门湖船厂", "大观区", "340803", "东经116°58′20″，北纬30°29′40″", 116.97222, 30.49444), ("桐城轮窑", "桐城市", "340881", "116.9512,31.0433", 116.9512, 31.0433), ("望江棉纺厂", "望江县", "340827", "116°41'12\",30°07'55\"", 116.68667, 30.13194),
       ("岳西蚕种场", "岳西县", "340828", "116.3590，30.8487", 116.3590, 30.8487), ("潜山痘姆古窑", "潜山市", "340882", "116°33′E，30°37′N", 116.55, 30.61667)]
(HERE / "10-degrees.csv").write_bytes(("\ufeff安庆市工业遗产点位坐标表（CGCS2000）,,,,,\r\n序号,名称,县区,坐标（经度，纬度）,备注,,\r\n" + "".join('{},{},{},"{}",,,\r\n'.format(i, n, q, c.replace('"', '""')) for i, (n, q, _, c, _, _) in enumerate(dms, 1)) + "合计,8处,,,,,\r\n,,,,,,\r\n").encode())
expect("10-degrees.csv", "heritage", [site(n, d, lon=x, lat=y, tolerance=0.0002) for n, _, d, _, x, y in dms])

# 11. One site over several rows, a core item on each (names real, states made up)
merged = [("庐江矾矿", "庐江县矾山镇", "340124", "安徽省庐江矾矿有限责任公司", [("矿硐", "一般"), ("煅烧炉", "较差"), ("矿工俱乐部", "较好")]), ("安徽维尼纶厂老厂区", "巢湖市", "340181", "安徽皖维集团有限责任公司", [("聚合车间", "一般"), ("水塔", "一般")]),
          ("巢湖铸造厂", "巢湖市", "340181", "巢湖铸造厂有限责任公司", [("铸钢车间", "较差")]), ("合肥钢铁厂", "瑶海区", "340102", "合肥市工业投资控股有限公司", [("58小高炉", "一般"), ("3号高炉", "较好"), ("热风炉", "较差"), ("厂区铁轨", "一般")]),
          ("肥东复兴砖瓦厂", "肥东县撮镇镇", "340122", "撮镇镇人民政府", [("轮窑", "较差"), ("烟囱", "一般")])]
rows, spans, want = [["合肥市工业遗产及核心物项汇总表"], ["序号", "遗产名称", "所在地", "权属单位", "核心物项", "数量"]], [(0, 0, 1, 6)], []
for i, (name, place, code, owner, items) in enumerate(merged, 1):
    if len(items) > 1:
        spans += [(len(rows), c, len(items), 1) for c in range(4)]
    for j, (item, _) in enumerate(items):
        rows.append([i, name, place, owner, item, 1] if j == 0 else [None, None, None, None, item, 1])
    want.append(site(name, code, owner=owner, core=[item for item, _ in items]))
ods(HERE / "11-items-over-rows.ods", [("汇总", rows, spans)])
expect("11-items-over-rows.ods", "heritage", want)

# 12. The national roll of intangible heritage as its site prints it (real but for the firms where unsure)
roll = [("444", "Ⅷ-94", "宣笔制作技艺", "2008(第二批)", "安徽省宣城市", "宣城市文房四宝协会", "341800", 2008), ("351", "Ⅷ-1", "界首彩陶烧制技艺", "2006(第一批)", "安徽省界首市", "界首市文化馆", "341282", 2006), ("389", "Ⅷ-39", "芜湖铁画锻制技艺", "2006(第一批)", "安徽省芜湖市", "芜湖市飞龙铁画工艺有限公司", "340200", 2006),
        ("399", "Ⅷ-49", "万安罗盘制作技艺", "2006(第一批)", "安徽省休宁县", "休宁县万安吴鲁衡罗经老店有限公司", "341022", 2006), ("415", "Ⅷ-65", "宣纸制作技艺", "2006(第一批)", "安徽省泾县", "中国宣纸股份有限公司", "341823", 2006), ("424", "Ⅷ-74", "歙砚制作技艺", "2006(第一批)", "安徽省歙县", "歙县歙砚协会", "341021", 2006),
        ("932", "Ⅷ-149", "红茶制作技艺（祁门红茶制作技艺）", "2008(第二批)", "安徽省祁门县", "安徽省祁门红茶发展有限公司", "341024", 2008), ("931", "Ⅷ-148", "绿茶制作技艺（太平猴魁）", "2008(第二批)", "安徽省黄山市黄山区", "黄山市猴坑茶业有限公司", "341003", 2008)]
(HERE / "12-national-roll.html").write_text("""<!doctype html><html><head><meta charset="UTF-8"><title>国家级非物质文化遗产代表性项目名录 - 中国非物质文化遗产网</title></head><body><div class="nav"><a>首页</a><a>机构</a><a>政策</a><a>清单</a></div>
<div class="filter"><span>类别：</span><a>全部</a><a>传统技艺</a><select><option>公布时间</option><option>2006(第一批)</option><option>2008(第二批)</option></select></div>
<h2>国家级非物质文化遗产代表性项目名录</h2><p>共收录 8 条</p><table class="p_table"><thead><tr><th>序号</th><th>编号</th><th>名称</th><th>类别</th><th>公布时间</th><th>类型</th><th>申报地区或单位</th><th>保护单位</th></tr></thead><tbody>
""" + "\n".join(f"<tr><td>{a}</td><td>{b}</td><td><a href='/project_details/{a}.html'>{c}</a></td><td>传统技艺</td><td>{d}</td><td>{'新增项目' if i % 3 else '扩展项目'}</td><td>{e}</td><td>{f}</td></tr>" for i, (a, b, c, d, e, f, _, _) in enumerate(roll, 1)) + """
</tbody></table><div class="page"><a>上一页</a><span>1</span><a>2</a><a>下一页</a> 跳转到 <input> 页</div></body></html>""", encoding="utf-8")
expect("12-national-roll.html", "craft", [site(n, d, ich_level="国家级", ich_number=no, listed=[y, y], says=["传统技艺", unit]) for _, no, n, _, _, unit, d, y in roll])

# 13. Protected monuments of a province, sections by class, class numbers, eras in words (made up but for some names)
units = [("近现代重要史迹及代表性建筑", [("8-5-03", "大通煤矿旧址", "1911年", "淮南市大通区大通街道", "340402"), ("8-5-07", "淮南煤矿局九龙岗建筑群", "1930年", "淮南市大通区九龙岗镇", "340402"), ("8-5-12", "祁门茶业改良场旧址", "民国", "黄山市祁门县平里镇", "341024"), ("8-5-19", "佛子岭水库大坝", "1954年", "六安市霍山县佛子岭镇", "341525"),
                              ("8-5-20", "梅山水库大坝", "1956年", "六安市金寨县梅山镇", "341524")]),
         ("古遗址", [("8-1-11", "柯家冲窑址", "五代至北宋", "芜湖市繁昌区繁阳镇", "340212"), ("8-1-14", "木鱼山冶炼遗址", "西周至汉", "铜陵市义安区天门镇", "340706"), ("8-1-20", "白土窑址", "唐至元", "宿州市萧县白土镇", "341322")])]
parts, n, want = [("c", "安徽省人民政府关于公布第八批省级文物保护单位的通知"), ("c", "皖政秘〔2019〕35号"), ("p", "各市、县人民政府，省政府各部门、各直属机构："), ("p", "现将第八批省级文物保护单位名单（共8处）予以公布。"), ("c", "第八批省级文物保护单位名单")], 0, []
table = [["序号", "分类号", "名称", "时代", "地址"]]
for s, (section, items) in enumerate(units):
    table.append([(f"{'一二'[s]}、{section}（共计{len(items)}处）", {"span": 5})])
    for no, name, era, where, code in items:
        n += 1
        table.append([str(n), no, name, era, where])
        want.append(site(name, code, address=where[-3:], relic="省级文物保护单位", **({"built": year(era)} if era[:4].isdigit() else {"says": [era]})))
docx(HERE / "13-protected-units.docx", parts + [("table", table, 1)])
expect("13-protected-units.docx", "heritage", want)

# 14. A table to tick: state and use as columns with √ (made up but for the places)
STATES, USES = ["好", "较好", "一般", "较差", "差"], ["在产", "闲置", "活化利用"]
ticks = [("萧县葡萄酒厂地下酒窖", "萧县", "341322", "1959", "较好", "在产"), ("砀山罐头厂", "砀山县", "341321", "1958", "一般", "闲置"), ("宿州机务段水塔", "埇桥区", "341302", "1912", "较好", "闲置"), ("符离集烧鸡老厂", "埇桥区", "341302", "1956", "一般", "在产"),
         ("灵璧轴承厂", "灵璧县", "341323", "1970", "较差", "闲置"), ("泗县粮食加工厂", "泗县", "341324", "1962", "差", "闲置"), ("芦岭煤矿老井架", "埇桥区", "341302", "1969", "好", "活化利用")]
book = xlwt.Workbook(encoding="utf-8")
sheet = book.add_sheet("Sheet1")
sheet.write_merge(0, 0, 0, 12, "宿州市工业遗产保存利用情况调查统计表")
for c, t in enumerate(["序号", "名称", "县区", "建成年份"]):
    sheet.write_merge(1, 2, c, c, t)
sheet.write_merge(1, 1, 4, 8, "保存状况（打√）")
sheet.write_merge(1, 1, 9, 11, "利用现状（打√）")
sheet.write_merge(1, 2, 12, 12, "备注")
for c, t in enumerate(STATES + USES):
    sheet.write(2, 4 + c, t)
for r, (name, county, _, built, state, use) in enumerate(ticks, 3):
    for c, t in enumerate([r - 2, name, county, int(built)]):
        sheet.write(r, c, t)
    sheet.write(r, 4 + STATES.index(state), "√")
    sheet.write(r, 9 + USES.index(use), "√")
book.save(str(HERE / "14-ticks.xls"))
expect("14-ticks.xls", "heritage", [site(n, d, built=year(b), condition=s, use=u) for n, _, d, b, s, u in ticks])

# 15. Answers to a form on the web: numbered questions, who and when before them (made up but for the places)
answers = [("阜阳县酒厂老窖池", "阜阳市/颍东区", "河东街道", "1949年", "C 制造业", "在产", "金种子酒业", "341203"), ("临泉文王酒厂", "阜阳市/临泉县", "城关街道", "1958年", "C 制造业", "在产", "文王酿酒公司", "341221"), ("界首造纸厂", "阜阳市/界首市", "东城街道", "1970年", "C 制造业", "闲置", "界首市国投", "341282"),
           ("阜南柳编厂", "阜阳市/阜南县", "黄岗镇", "1973年", "C 制造业", "活化利用", "阜南县供销社", "341225"), ("太和发制品老厂", "阜阳市/太和县", "城关镇", "1982年", "C 制造业", "在产", "", "341222"), ("颍上谢桥煤矿一号井", "阜阳市/颍上县", "谢桥镇", "1983年", "B 采矿业", "在产", "淮南矿业集团", "341226"), ("阜阳机务段整备库", "阜阳市/颍州区", "文峰街道", "1970年", "G 交通运输、仓储和邮政业", "闲置", "阜阳机务段", "341202")]
(HERE / "15-web-form.csv").write_bytes(("\ufeff编号,提交者（自动）,提交时间（自动）,1.遗产名称（必填）,2.所在市/县区（必填）,3.详细地址（必填）,4.建成时间,5.所属行业门类（单选）,6.利用现状（单选）（必填）,7.权属单位,8.其他需要说明的情况\r\n" + "".join(
    f"{i},微信用户{i}{i + 3},2022年6月{10 + i}日 10:2{i},{n},{p},{a},{b},{h},{u},{o},{'无' if i % 2 else ''}\r\n" for i, (n, p, a, b, h, u, o, _) in enumerate(answers, 1))).encode())
expect("15-web-form.csv", "heritage", [site(n, d, address=a, built=year(b), use=u, industry=h[2:], **({"owner": o} if o else {})) for n, _, a, b, h, u, o, d in answers])

# 16. A city's list out of Word saved as a page, the district in the name's brackets (made up but for the places)
city = [("安徽第一棉纺织厂", "瑶海区", "340102", "1954年", "主厂房、锯齿形车间"), ("合肥无线电厂", "庐阳区", "340103", "1958年", "装配楼"), ("合肥洗衣机总厂", "包河区", "340111", "1954年", "总装车间、办公楼"), ("合肥矿山机器厂", "瑶海区", "340102", "1950年", "金工车间、龙门吊"),
        ("肥西三河米厂", "肥西县", "340123", "1956年", "米仓、碾米机"), ("长丰水湖机砖厂", "长丰县", "340121", "1966年", "轮窑"), ("董铺水库泄洪闸", "蜀山区", "340104", "1956年", "泄洪闸")]
(HERE / "16-word-page.htm").write_bytes(("""<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"><head><meta http-equiv=Content-Type content="text/html; charset=gb2312"><meta name=Generator content="Microsoft Word 15"><title>附件：</title>
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]--><style><!-- p.MsoNormal {margin:0cm; font-family:等线;} --></style></head><body lang=ZH-CN style='text-justify-trim:punctuation'><div class=WordSection1 style='layout-grid:15.6pt'>
<p class=MsoNormal align=center><b><span lang=EN-US style='font-size:22.0pt'>&nbsp;</span></b><b><span style='font-size:22.0pt'>合肥市首批市级工业遗产名单<o:p></o:p></span></b></p>
<table class=MsoTableGrid border=1 cellspacing=0><tr style='mso-yfti-irow:0'>""" + "".join(f"<td valign=top><p class=MsoNormal><b><span>{t}<span lang=EN-US><o:p></o:p></span></span></b></p></td>" for t in ["序号", "遗产名称", "始建年代", "核心物项"]) + "</tr>\n" + "".join(
    "<tr>" + "".join(f"<td valign=top><p class=MsoNormal><span lang=EN-US>{t}<o:p></o:p></span></p></td>" for t in [str(i), f"{n}（{q}）", b, c]) + "</tr>\n" for i, (n, q, _, b, c) in enumerate(city, 1)) + "</table><p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p></div></body></html>").encode("gb18030"))
expect("16-word-page.htm", "heritage", [{"name": [f"{n}（{q}）", n], "division": d, "built": year(b), "core": c.split("、"), "level": "市", "batch": 1} for n, q, d, b, c in city])

(HERE / "expected.json").write_text(json.dumps(EXPECTED, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
