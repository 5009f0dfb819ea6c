"""Writes the lists of this folder and expected.json: `python3 make.py` (xlwt for the old spreadsheet, else the standard library)."""
import datetime
import json
import pathlib
import quopri
import sys

import xlwt

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "unseen4"))
sys.dont_write_bytecode = True
from shapes import EXPECTED, docx, expect, pack, site, xlsx, year  # noqa: E402

# 1. A municipality's list copied to a policy portal: 地址 holds the district alone (names and districts real, items shortened)
shanghai = [("静安区", "上海冶金矿山机械厂旧址", "厂区大门、厂区广场及7栋老厂房（原冷作车间、第二金工车间、计算机楼等）", "第二金工车间"), ("徐汇区", "白猫洗涤剂厂库房", "原白猫洗涤剂厂库房", "原白猫洗涤剂厂库房"), ("徐汇区", "上海水泥厂", "石灰石预均化库、煤湿矿渣库、散装水泥库、船坞码头", "船坞码头"),
            ("普陀区", "上海印钞厂", "留存下来的老厂长楼、老厂门", "老厂门"), ("杨浦区", "上海闸北发电厂", "1.建筑类：码头、油罐、丙站厂房（含烟囱）；2.设备类：汽轮发电机组；3.档案类：建厂图纸", "汽轮发电机组")]
(HERE / "01-municipality-portal.html").write_text("""<!DOCTYPE html><html><head><meta charset="utf-8"><title>上海市经济和信息化委员会关于公布第二批上海工业遗产名单的通告 - 政策通</title></head><body>
<div class="login">登录/注册后您将获得：<ul><li>政策推送</li><li>个性化推送政策信息</li><li>数据导出</li></ul></div><div>当前位置：首页 &gt; 政策资讯 &gt; 正文</div>
<h1>上海市经济和信息化委员会关于公布第二批上海工业遗产名单的通告</h1><p>发布时间：2024年02月27日 18:16:08　发布部门：上海市经济和信息化委员会　收藏</p>
<p>经申报及推荐、专家评审、现场核查和网上公示等程序，确定上海闸北发电厂等单位为第二批上海工业遗产（见附件），现予以公布。</p><p>附件：第二批上海工业遗产名单</p><p>上海市经济和信息化委员会<br>2024年2月26日</p>
<table style="width:100%"><tbody><tr><td colspan="4"><strong>第二批上海工业遗产名单</strong></td></tr><tr><td>序号</td><td>地址</td><td>名称</td><td>核心物项</td></tr>
""" + "\n".join(f"<tr><td>{i}</td><td>{d}</td><td>{n}</td><td>{c}</td></tr>" for i, (d, n, c, _) in enumerate(shanghai, 1)) + "</tbody></table></body></html>\n", encoding="utf-8")
expect("01-municipality-portal.html", "heritage", [site(n, ["310000", "310106", "310104", "310107", "310110"], core=c, batch=2) for _, n, _, c in shanghai])

# 2. A notice's annex copied out of a browser: a cell a line (names mostly made up)
flat = [("传统美术", "肥东木雕", "肥东县"), ("传统美术", "庐阳火笔画", "庐阳区"), ("传统技艺", "三河米酒酿造技艺", "肥西县"), ("传统技艺", "吴山铁字制作技艺", "长丰县"), ("传统技艺", "庐江矾矿炼矾技艺", "庐江县"), ("传统技艺", "巢湖渔网编结技艺", "巢湖市"), ("传统技艺", "包河麻饼制作技艺", "包河区"), ("传统技艺", "柘皋青铜修复技艺", "巢湖市")]
CODES = {"肥东县": "340122", "庐阳区": "340103", "肥西县": "340123", "长丰县": "340121", "庐江县": "340124", "巢湖市": "340181", "包河区": "340111"}
lines, last = ["合肥市第七批市级非物质文化遗产代表性项目名录", "（共8项）", "序号", "项目名称", "申报地区"], None
for i, (section, name, where) in enumerate(flat, 1):
    if section != last:
        lines.append(f"{'一二'[last is not None]}、{section}（{sum(f[0] == section for f in flat)}项）")
        last = section
    lines += [str(i), name, where]
(HERE / "02-cell-a-line.txt").write_text("\n\n".join(lines) + "\n", encoding="utf-8")
expect("02-cell-a-line.txt", "craft", [site(n, CODES[d], ich_level="市级", craft_kind={"传统美术": "工艺美术"}.get(s, s)) for s, n, d in flat])

# 3. A public notice in an account's article: cities as lines, names numbered through (names partly real)
cities = [("合肥市", [("包河区合柴1972文创园", "340111"), ("巢湖市皖维工业文化园", "340181")]), ("淮北市", [("相山区淮北工业博物馆", "340603"), ("濉溪县口子文化博览园", "340621")]), ("亳州市", [("谯城区古井酒文化博览园", "341602"), ("涡阳县高炉酒工业旅游区", "341621")]),
          ("六安市", [("霍山县迎驾工业旅游区", "341525")]), ("安庆市", [("大观区集贤时空文创园", "340803"), ("桐城市包装印刷小镇", "340881")])]
text, n, want = ["安徽省工业旅游示范基地名单公示", "2021-11-05 人民日报数字安徽", "根据《安徽省工业旅游示范基地管理办法》，经各市推荐、专家评审，拟认定合柴1972文创园等9家单位，现予公示。", "安徽省工业旅游示范基地公示名单"], 0, []
for city, items in cities:
    text.append(f"{city}：")
    for name, code in items:
        n += 1
        text.append(f"{n}、{name}")
        want.append({"name": [name, name[3:]], "division": code})
(HERE / "03-cities-numbered.txt").write_text("\n\n".join(text + ["公示期：2021年11月5日至11月11日。", "来源：省文化和旅游厅"]) + "\n", encoding="utf-8")
expect("03-cities-numbered.txt", "tour_site", want)

# 4. A forum's copy of a list of historic buildings: a cell a line, the head over each post (form real, rows made up)
forum = [("31", "镜湖区", "安徽纺织厂机修车间", "约1280", "赭山西路18号", "1958年", "苏式厂房，红砖清水墙，保存较完整。", "340202"), ("32", "镜湖区", "芜湖冷冻厂冰库", "约2349", "健康路外贸仓库内", "1956年", "新中国成立初期建造的冷库，见证外贸发展。", "340202"),
         ("33", "弋江区", "芜湖微型电机厂办公楼", "约640", "中山南路717号", "1966年", "三层砖混结构，具有时代特征。", "340209"), ("34", "鸠江区", "裕溪口铁路装卸站", "约920", "裕溪口街道轮渡路", "1936年", "淮南铁路南端终点，滚装设施基本完整。", "340207"), ("35", "湾沚区", "湾沚粮站苏式粮仓", "约1500", "湾沚镇沿河路", "1953年", "苏式粮仓三栋。", "340210"), ("36", "南陵县", "南陵县农机厂翻砂车间", "约430", "籍山镇籍山路", "1971年", "县办工业代表。", "340223")]
head = ["编号", "县市区", "名称", "建筑面积", "（平方米）", "建筑位置", "建筑年代", "历史建筑价值特色"]
posts = ["楼主: 江城老厂 | [中江新闻] 芜湖市新增历史建筑的公示(20230630)", "发表于 2023-7-4 15:30:25 | 显示全部楼层"] + head
for i, row in enumerate(forum):
    if i == 3:
        posts += ["回复 使用道具 举报", "发表于 2023-7-4 15:32:01 | 显示全部楼层"] + head
    posts += row[:7]
(HERE / "04-forum.txt").write_text("\n".join(posts + ["回复 使用道具 举报"]) + "\n", encoding="utf-8")
expect("04-forum.txt", "heritage", [site(n, d, built=year(b), address=w, says=[v]) for _, _, n, _, w, b, v, d in forum])

# 5. One sentence of a report holds the list (names made up)
prose = ["伊家木艺研学体验基地", "马钢智园研学基地", "黄池酱菜传统工艺体验基地", "采石矶酿造研学点", "含山绿色铸造科普馆", "和县船舶模型馆", "凹山矿山公园", "雨山冶金实训基地"]
(HERE / "05-one-sentence.txt").write_text("我市首批工业研学实践教育基地名单公布\n\n按照《马鞍山市关于推进中小学生研学旅行的实施意见》要求，在各县区组织申报的基础上，经过考察和认定，日前，马鞍山市首批工业研学实践教育基地名单公布。\n\n首批8个基地分别为：" + "、".join(prose) + "。各基地将依托各自资源优势，完善基础设施，研发线路与课程。（采编：某某）\n\n本文来自投稿，不代表本站立场，如若转载，请注明出处。\n", encoding="utf-8")
expect("05-one-sentence.txt", "tour_site", [site(n) for n in prose])

# 6. A city's roll with a project merged over its units, categories merged over projects (form of Quanzhou's notice, rows made up)
roll = [("传统美术", [("泾县木梳雕刻", ["泾县宫廷木梳厂"], "341823"), ("宣州皮影雕刻", ["宣州区文化馆", "水东皮影传习所"], "341802")]),
        ("传统技艺", [("宣纸帘床制作技艺", ["泾县丁家桥镇文化站", "泾县金星宣纸有限公司", "泾县帘床协会"], "341823"), ("宁国毛竹加工技艺", ["宁国市林业协会"], "341881"), ("绩溪徽墨描金技艺", ["绩溪县上庄胡开文墨厂", "绩溪县曹素功徽墨社"], "341824"), ("郎溪绿茶制作技艺", ["郎溪县茶叶学会"], "341821"), ("广德竹扇制作技艺", ["广德市扇艺社"], "341882")])]
rows, n, want = "", 0, []
for category, items in roll:
    total = sum(len(u) for _, u, _ in items)
    for i, (name, keepers, code) in enumerate(items):
        n += 1
        for j, unit in enumerate(keepers):
            rows += "<tr>" + (f"<td rowspan='{len(keepers)}'>{n}</td>" if j == 0 else "") + (f"<td rowspan='{total}'>{category}</td>" if i == j == 0 else "") + (f"<td rowspan='{len(keepers)}'>{name}</td>" if j == 0 else "") + f"<td>{unit}</td></tr>\n"
        want.append(site(name, ich_level="市级", says=keepers))
(HERE / "06-city-roll.html").write_text(f"""<html><head><meta charset="utf-8"><title>宣城市人民政府关于公布第六批市级非物质文化遗产名录的通知</title></head><body><ul><li>索 引 号：XC00101-3000-2021-00180</li><li>备注/文号：宣政〔2021〕14号</li><li>发布机构：宣城市人民政府办公室</li><li>公文生成日期：2021-08-21</li></ul>
<h2>宣城市人民政府关于公布第六批市级非物质文化遗产名录的通知</h2><p>各县（市、区）人民政府，市政府各部门、各直属机构：</p><p>现将宣城市第六批市级非物质文化遗产名录（共7项）予以公布。</p>
<p>宣城市第六批市级非物质文化遗产名录项目名单</p><table border="1"><tr><th>序号</th><th>项目类别</th><th>项目名称</th><th>申报单位</th></tr>
{rows}</table></body></html>""", encoding="utf-8")
expect("06-city-roll.html", "craft", want)

# 7. Protected monuments with their zones, in paragraphs (form of Chengdu's notice, words made up)
zones = [("裕中纱厂旧址", "保护范围为文物本体占地范围外延10米", "建设控制地带为保护范围外延20米"), ("益新面粉厂旧址", "保护范围为制粉楼外墙外延15米", "建设控制地带为东至砻坊路，南至青弋江"), ("明远电厂旧址", "保护范围为现围墻内", "建设控制地带为保护范围外延30米"), ("芜湖造船厂老码头", "保护范围为码头及护岸", "建设控制地带为岸线向北50米"), ("裕溪口煤港旧址", "保护范围为转运塔、栈桥及轨道", "建设控制地带为保护范围外延50米")]
docx(HERE / "07-zones.docx", [("c", "芜湖市人民政府关于公布第五批市级文物保护单位及保护区划的通知"), ("p", "各县区人民政府，市政府各部门："), ("p", "市政府同意第五批市级文物保护单位及保护区划（共5处），现予以公布。"), ("c", "第五批市级文物保护单位保护范围和建设控制地带"), ("p", "一、近现代重要史迹及代表性建筑（共5处）")]
     + [("p", f"（{'一二三四五'[i]}）{n}：{a}；{b}。") for i, (n, a, b) in enumerate(zones)] + [("p", "芜湖市人民政府"), ("p", "2020年7月6日")])
expect("07-zones.docx", "heritage", [site(n, "340200", relic="市级文物保护单位", says=[a, b]) for n, a, b in zones])

# 8. The yearly register of museums (form real, rows partly real)
registry = [("合肥市", "安徽省地质博物馆", "其他行业国有", "一级", "是"), ("合肥市", "合肥安达创展工业设计博物馆", "非国有", "无级别", "否"), ("淮北市", "淮北市矿山博物馆", "文物系统国有", "三级", "是"), ("亳州市", "古井酒文化博物馆", "非国有", "无级别", "是"), ("黄山市", "黄山徽茶文化博物馆", "非国有", "三级", "是"),
            ("黄山市", "中国徽州文化博物馆", "文物系统国有", "一级", "是"), ("宣城市", "中国宣纸博物馆", "其他行业国有", "二级", "是"), ("宣城市", "绩溪三雕博物馆", "文物系统国有", "三级", "是"), ("铜陵市", "铜陵市博物馆", "文物系统国有", "二级", "是")]
PREFECTURES = {"合肥市": "340100", "淮北市": "340600", "亳州市": "341600", "黄山市": "341000", "宣城市": "341800", "铜陵市": "340700"}
book = xlwt.Workbook(encoding="utf-8")
sheet = book.add_sheet("安徽省")
sheet.write_merge(0, 0, 0, 5, "2022年度安徽省博物馆名录（工业及行业类摘录）")
for c, t in enumerate(["序号", "所在市", "博物馆名称", "博物馆性质", "质量等级", "是否免费开放"]):
    sheet.write(1, c, t)
for r, row in enumerate(registry, 2):
    sheet.write(r, 0, r - 1)
    for c, t in enumerate(row, 1):
        sheet.write(r, c, t)
sheet.write_merge(len(registry) + 2, len(registry) + 2, 0, 5, "合计：9家，其中国有6家，非国有3家")
book.save(str(HERE / "08-register.xls"))
expect("08-register.xls", "museum", [site(n, [PREFECTURES[c], "341824"] if n.startswith("绩溪") else PREFECTURES[c], ownership=o, **({"grade": g} if g != "无级别" else {})) for c, n, o, g, _ in registry])

# 9. A guide somebody keeps as notes: a heading and dashes for each museum (hours made up)
notes = [("马钢展示馆", "马鞍山市雨山区湖西路", "周一至周五 9:00-16:00", "免费", "0555-2883120", "340504", [["1,2,3,4,5", "09:00", "16:00"]]), ("治淮陈列馆", "蚌埠市蚌山区东海大道", "周二至周日 9:00-16:30", "免费", "0552-3093120", "340303", [["2,3,4,5,6,7", "09:00", "16:30"]]),
         ("迎驾酒文化博物馆", "六安市霍山县佛子岭镇", "8:30-17:00", "30元/人", "0564-5231680", "341525", [["1,2,3,4,5,6,7", "08:30", "17:00"]]), ("大通万人坑教育馆", "淮南市大通区舜耕山北麓", "周二至周日 8:30-17:00", "免费", "0554-2519880", "340402", [["2,3,4,5,6,7", "08:30", "17:00"]]), ("秋浦茶博物馆", "池州市石台县七都镇", "9:00-17:00", "免费", "0566-6022980", "341722", [["1,2,3,4,5,6,7", "09:00", "17:00"]])]
(HERE / "09-notes.txt").write_text("# 安徽工业博物馆参观笔记\n\n更新于 2024-03\n\n" + "\n".join(f"## {i}. {n}\n\n- 地址：{a}\n- 开放时间：{h}\n- 门票：{t}\n- 咨询电话：{p}\n" for i, (n, a, h, t, p, _, _) in enumerate(notes, 1)), encoding="utf-8")
expect("09-notes.txt", "museum", [site(n, d, hours=w, ticket=t, phone=p) for n, _, _, t, p, d, w in notes])

# 10. A book with a form on each sheet (made up but for the places)
forms = [("谢家集二矿主井", "淮南市谢家集区", "谢三村", "1949年", "煤炭开采和洗选业", "淮南矿业（集团）有限责任公司", "闲置", "较差", "340404"), ("凤台轮船站码头", "淮南市凤台县", "城关镇沿淮路", "1955年", "水上运输业", "凤台县交通运输局", "闲置", "差", "340421"), ("寿县酱品厂", "淮南市寿县", "寿春镇北街", "1956年", "食品制造业", "寿县供销社", "活化利用", "较好", "340422"), ("八公山水泥厂", "淮南市八公山区", "山王镇", "1958年", "非金属矿物制品业", "八公山区国资办", "遗址", "差", "340405"), ("田家庵港货场", "淮南市田家庵区", "田家庵街道", "1935年", "水上运输业", "淮南港务局", "在产", "一般", "340403")]
sheets, want = [], []
for i, (name, division, where, built, industry, owner, use, state, code) in enumerate(forms, 1):
    sheets.append((str(i), [["工业遗产基本情况登记表"], ["编号：", f"HN-{i:02}", None, None], ["名称", name, None, None], ["所在地", division, "详细地址", where], ["始建年代", built, "所属行业", industry], ["产权单位", owner, "使用现状", use], ["保存状况", state, "调查日期", "2022年5月"], ["填表人：张某", None, "审核人：李某", None]], ["A1:D1", "B3:D3", "A8:B8", "C8:D8"]))
    want.append(site(name, code, address=where, built=year(built), owner=owner, use=use, condition=state))
xlsx(HERE / "10-form-per-sheet.xlsx", sheets)
expect("10-form-per-sheet.xlsx", "heritage", want)

# 11. A consultant's table in two languages (names real, points and years approximate)
english = [("Foziling Dam", "佛子岭水库大坝", "Lu'an", "Huoshan County", 1954, "31°20'28\"N", "116°16'16\"E", "In use", "341525", 31.34111, 116.27111), ("Hefei Diesel Engine Works", "合肥柴油机厂", "Hefei", "Baohe District", 1972, "31°46'20\"N", "117°18'13\"E", "Reused", "340111", 31.77222, 117.30361),
           ("Guichi Tea Factory", "贵池茶厂", "Chizhou", "Guichi District", 1951, "30°39'35\"N", "117°28'58\"E", "In production", "341702", 30.65972, 117.48278), ("Datong Colliery", "大通煤矿", "Huainan", "Datong District", 1909, "32°37'52\"N", "117°03'11\"E", "Remains", "340402", 32.63111, 117.05306),
           ("Yixin Flour Mill", "益新面粉公司旧址", "Wuhu", "Jinghu District", 1894, "31°20'02\"N", "118°22'41\"E", "Reused", "340202", 31.33389, 118.37806), ("Tongguanshan Copper Mine", "铜官山铜矿", "Tongling", "Tongguan District", 1952, "30°54'48\"N", "117°49'13\"E", "Remains", "340705", 30.91333, 117.82028),
           ("Shouzhou Kiln Site", "寿州窑遗址", "Huainan", "Datong District", None, "32°42'01\"N", "117°08'56\"E", "Remains", "340402", 32.70028, 117.14889)]
xlsx(HERE / "11-consultant.xlsx", [("Inventory", [["Anhui Industrial Heritage – Preliminary Inventory (draft 3)"], ["No.", "Name in English", "Name in Chinese", "City", "County/District", "Year built", "Latitude", "Longitude", "Present use"]]
                                   + [[i, e, n, c, k, y, la, lo, u] for i, (e, n, c, k, y, la, lo, u, *_) in enumerate(english, 1)] + [["Source: field visits 2023–2024"]], ["A1:I1"]), ("Notes", [["Coordinates read from handheld GPS (WGS 84)."]], [])])
expect("11-consultant.xlsx", "heritage", [site(n, d, name_en=e, lat=y, lon=x, tolerance=0.0002, **({"built": [b, b]} if b else {}), **({"use": u} if (u := {"Reused": "活化利用", "Remains": "遗址", "In production": "在产", "In use": None}[s]) else {})) for e, n, _, _, b, _, _, s, d, y, x in english])

# 12. A KMZ with the columns of a GIS table (points made up)
gis = [("淮北电厂主厂房", "相山区", "340603", "1973年", "活化利用", 116.7701, 33.9602), ("烈山煤矿老井", "烈山区", "340604", "1918年", "遗址", 116.8132, 33.8871), ("朔里矿选煤楼", "杜集区", "340602", "1971年", "闲置", 116.9045, 33.9917), ("濉溪老城石板街酒坊", "濉溪县", "340621", "清代", "活化利用", 116.7633, 33.9149), ("濉溪县酒厂大曲房", "濉溪县", "340621", "1949年", "在产", 116.7702, 33.9101), ("青龙山铁路专用线", "烈山区", "340604", "1970年", "闲置", 116.8421, 33.8533)]
kml = "\n".join(f'<Placemark id="ID_{i:05}"><name>{n}</name><Snippet maxLines="0"></Snippet><ExtendedData><SchemaData schemaUrl="#gyyc"><SimpleData name="FID">{i}</SimpleData><SimpleData name="名称">{n}</SimpleData><SimpleData name="区县">{q}</SimpleData><SimpleData name="建成年代">{b}</SimpleData><SimpleData name="利用现状">{u}</SimpleData></SchemaData></ExtendedData><Point><coordinates>{x},{y}</coordinates></Point></Placemark>' for i, (n, q, _, b, u, x, y) in enumerate(gis))
pack(HERE / "12-gis.kmz", [("doc.kml", '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document id="gyyc"><name>淮北市工业遗产</name><Schema name="gyyc" id="gyyc">' + "".join(f'<SimpleField name="{f}" type="string"/>' for f in ["FID", "名称", "区县", "建成年代", "利用现状"]) + f"</Schema><Folder id=\"FeatureLayer0\"><name>淮北市工业遗产</name>{kml}</Folder></Document></kml>")])
expect("12-gis.kmz", "heritage", [site(n, d, use=u, lon=x, lat=y, **({"built": year(b)} if b[0] == "1" else {"says": [b]})) for n, _, d, b, u, x, y in gis])

# 13. Members of an association (made up)
members = [("安徽省工业设计协会", "会长单位", "陈某", "合肥市高新区望江西路5089号", "0551-65326001", "340100"), ("马钢（集团）控股有限公司", "副会长单位", "丁某", "马鞍山市雨山区九华西路8号", "0555-2888001", "340504"), ("安徽古井集团有限责任公司", "副会长单位", "梁某", "亳州市谯城区古井镇", "0558-5710001", "341602"), ("铜陵有色金属集团控股有限公司", "副会长单位", "龚某", "铜陵市铜官区长江西路有色大院", "0562-5860001", "340705"),
           ("合肥滨投文化创意发展有限公司", "理事单位", "许某", "合肥市包河区繁华大道", "0551-63505001", "340111"), ("歙县老胡开文墨厂", "会员单位", "周某", "黄山市歙县徽城镇", "0559-6512001", "341021"), ("安徽工业大学", "会员单位", "吕某", "马鞍山市花山区湖东路59号", "0555-2311001", "340503")]
docx(HERE / "13-members.docx", [("c", "安徽省工业文化协会会员单位名单"), ("p", "（截至2023年12月31日，排名不分先后）"), ("table", [["序号", "单位名称", "协会职务", "联系人", "通讯地址", "联系电话"]] + [[str(i), *m[:5]] for i, m in enumerate(members, 1)], 1), ("p", "协会秘书处  2024年1月")])
expect("13-members.docx", "organisation", [site(n, d, address=a, contact=t, says=[p]) for n, p, _, a, t, d in members])

# 14. A works' list of its machines: the site stands in the title alone (made up)
(HERE / "14-site-before.csv").write_text("名称,所在地,认定级别\n歙县老胡开文墨厂,黄山市歙县,国家\n", encoding="utf-8")
machines = [("001", "点烟机", "DY-2型", "1", "1965年", "一般", "点烟车间"), ("002", "压墨机", "自制", "3", "1972年", "较好", "成型车间"), ("003", "和料锤", "5磅", "12", "1958年", "好", "和料间"), ("004", "清同治墨模", "", "1", "1870年", "好", "陈列室"), ("005", "晾墨架", "", "40", "20世纪60年代", "一般", "晾墨房"), ("006", "三辊研磨机", "SM-150", "2", "1978年", "较差", "仓库")]
(HERE / "14-machines-gbk.csv").write_bytes(("歙县老胡开文墨厂核心物项清单,,,,,,\r\n编号,物项名称,规格型号,数量,制造年代,完好程度,存放地点\r\n" + "".join(",".join(m) + "\r\n" for m in machines)).encode("gbk"))
expect("14-machines-gbk.csv", "core_item", [site(n, built=[1960, 1969] if b.startswith("20世纪") else year(b), condition=c, says=["歙县老胡开文墨厂", w] + ([m] if m else [])) for _, n, m, _, b, c, w in machines], before=[["heritage", "14-site-before.csv"]])

# 15. A ministry's list of bases: the place leads the name (form and most names real)
national = [("北京市751园区", "751园区", "110000"), ("辽宁省鞍钢红色钢铁之旅工业旅游基地", "鞍钢红色钢铁之旅工业旅游基地", "210000"), ("江苏省苏州市沙洲优黄文化园", "沙洲优黄文化园", "320500"), ("江苏省镇江市醋文化博物馆", "醋文化博物馆", "321100"), ("安徽省亳州市古井酒文化博览园", "古井酒文化博览园", "341600"), ("安徽省铜陵市铜官山1978文创园", "铜官山1978文创园", "340700"), ("福建省泉州市安溪茶庄园", "安溪茶庄园", ["350500", "350524"]), ("江西省萍乡市安源景区", "安源景区", "360300")]
docx(HERE / "15-national-bases.docx", [("c", "国家工业旅游示范基地名单"), ("table", [["序号", "单位名称"]] + [[str(i), n] for i, (n, _, _) in enumerate(national, 1)], 1)])
expect("15-national-bases.docx", "tour_site", [{"name": [full, short, short if not full.startswith("江苏省镇江市") else "镇江市醋文化博物馆", full[3:]], "division": d, "recognition": "工业旅游示范基地"} for full, short, d in national])

# 16. A clerk's working book: dates as dates, areas in words, groups as rows, a second head for the second group (made up but for the places)
work = [("（一）矿冶类", [("铜官山铜矿选矿厂", "铜陵市铜官区", 1952, "约1.2万平方米", "35亩", 13905620001, "340705"), ("凤凰山铜矿井架", "铜陵市义安区", 1971, "860㎡", "12亩", 13905620002, "340706"), ("庐江矾矿", "合肥市庐江县", 1956, "4.5万㎡", "20公顷", 13905620003, "340124")]),
        ("（二）轻纺食品类", [("安庆纺织厂", "安庆市迎江区", 1958, "23000", "86亩", 13905620004, "340802"), ("徽州茶厂", "黄山市徽州区", datetime.date(1950, 5, 1), "6300平方米", "", 13905620005, "341004"), ("砀山酥梨罐头厂", "宿州市砀山县", datetime.date(1958, 10, 1), "9800平米", "40亩", 13905620006, "341321")]),
        ("（三）交通水利类", [("裕溪闸", "芜湖市无为市", 1969, "", "", 13905620007, "340281"), ("蚌埠港老码头", "蚌埠市龙子湖区", 1914, "", "3公顷", 13905620008, "340302")])]
HEAD = ["序号", "遗产名称", "所在市县", "建成时间", "建筑面积", "占地面积", "联系人手机"]
LAND = {"35亩": "23333.33", "12亩": "8000", "20公顷": "200000", "86亩": "57333.33", "40亩": "26666.67", "3公顷": "30000"}
AREA = {"约1.2万平方米": "12000", "860㎡": "860", "4.5万㎡": "45000", "23000": "23000", "6300平方米": "6300", "9800平米": "9800"}
rows, merges, n, want = [["工业遗产普查台账（工作稿）"], HEAD], ["A1:G1"], 0, []
for g, (group, items) in enumerate(work):
    if g == 2:
        rows.append(HEAD)
    rows.append([group])
    merges.append(f"A{len(rows)}:G{len(rows)}")
    for name, where, built, area, land, phone, code in items:
        n += 1
        rows.append([n, name, where, built, area, land, phone])
        y = built if isinstance(built, int) else built.year
        want.append(site(name, code, built=[y, y], contact=str(phone), **({"area": AREA[area]} if area else {}), **({"land": LAND[land]} if land else {})))
    rows.append([None, "小计", f"{len(items)}处"])
xlsx(HERE / "16-working-book.xlsx", [("台账", rows, merges), ("旧表", [["作废"]], [], "hidden")])
expect("16-working-book.xlsx", "heritage", want)

# 17. A page saved as one file by a browser (form real, rows made up)
inner = """<!DOCTYPE html><html><head><title>铜陵市第二批工业遗产名单公布_铜陵市人民政府</title></head><body><div class="head"><a href="/">网站首页</a><a href="/zwgk/">政务公开</a></div><h1>铜陵市第二批市级工业遗产名单</h1><table><thead><tr><th>序号</th><th>遗产名称</th><th>所在地</th><th>主要遗存</th><th>产权单位</th></tr></thead><tbody>"""
second = [("第二冶炼厂旧址", "铜官区", "转炉厂房、烟囱", "铜陵有色金属集团控股有限公司", "340705"), ("铜陵长江轮渡码头", "郊区", "趸船、候船厅", "铜陵市港航局", "340711"), ("大通造船厂", "郊区", "船台、木工车间", "大通镇人民政府", "340711"), ("枞阳电灌站", "枞阳县", "泵房、水闸", "枞阳县水利局", "340722"), ("顺安铁矿", "义安区", "井架、破碎站", "顺安镇人民政府", "340706"), ("铜陵磷肥厂", "铜官区", "硫酸塔", "安徽六国化工股份有限公司", "340705")]
inner += "".join(f"<tr><td>{i}</td><td>{n}</td><td>{d}</td><td>{c}</td><td>{o}</td></tr>" for i, (n, d, c, o, _) in enumerate(second, 1)) + "</tbody></table></body></html>"
(HERE / "17-saved.mhtml").write_bytes(b"From: <Saved by Blink>\r\nSnapshot-Content-Location: http://www.tl.gov.cn/art/2022/3/1/art_1.html\r\nSubject: list\r\nDate: Tue, 1 Mar 2022 08:00:00 -0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"----MultipartBoundary--abc123----\"\r\n\r\n\r\n------MultipartBoundary--abc123----\r\nContent-Type: text/html; charset=utf-8\r\nContent-ID: <frame-1@mhtml.blink>\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: http://www.tl.gov.cn/art/2022/3/1/art_1.html\r\n\r\n"
                                     + quopri.encodestring(inner.encode()).replace(b"\n", b"\r\n") + b"\r\n------MultipartBoundary--abc123----\r\nContent-Type: text/css\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: http://www.tl.gov.cn/a.css\r\n\r\ntable { width: 100%; }\r\n------MultipartBoundary--abc123------\r\n")
expect("17-saved.mhtml", "heritage", [site(n, d, core=c.split("、"), owner=o, level="市", batch=2) for n, _, c, o, d in second])

# 18. “Export to Excel” of an office's system: a page under the name of a spreadsheet (made up but for the places)
export = [("XS0001", "全椒县轴承厂", "341124", "滁州市", "全椒县", "1966-01-01", "闲置"), ("XS0002", "天长仪表电缆厂", "341181", "滁州市", "天长市", "1971-01-01", "在产"), ("XS0003", "来安纺织器材厂", "341122", "滁州市", "来安县", "1958-01-01", "闲置"), ("XS0004", "琅琊山铜矿", "341102", "滁州市", "琅琊区", "1959-01-01", "遗址"), ("XS0005", "滁州东站机车库", "341103", "滁州市", "南谯区", "1911-01-01", "活化利用"), ("XS0006", "明光市石油机械配件厂", "341182", "滁州市", "明光市", "1970-01-01", "在产"), ("XS0007", "定远县化肥厂", "341125", "滁州市", "定远县", "1969-01-01", "闲置")]
(HERE / "18-system-export.xls").write_bytes(("<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\"></head><body><table border=\"1\"><tr>" + "".join(f"<th>{t}</th>" for t in ["线索编号", "线索名称", "行政区划代码", "市", "县（市、区）", "建成日期", "利用现状", "创建人", "创建时间", "更新时间"]) + "</tr>"
                                                + "".join("<tr>" + "".join(f"<td style=\"vnd.ms-excel.numberformat:@\">{t}</td>" for t in [*row, "admin", "2022-07-01 09:12:33", "2022-07-03 17:40:02"]) + "</tr>" for row in export) + "</table></body></html>").encode())
expect("18-system-export.xls", "heritage", [site(n, d, built=year(b), use=u) for _, n, d, _, _, b, u in export])

(HERE / "expected.json").write_text(json.dumps(EXPECTED, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
