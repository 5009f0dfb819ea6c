"""Writes the lists of this folder and expected.json: `python3 make.py` (xlwt for the old spreadsheet, else the standard library)."""
import csv
import io
import json
import pathlib
import sys

import xlwt

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "unseen4"))
sys.dont_write_bytecode = True
from shapes import EXPECTED, docx, expect, ods, site, uscc, xlsx, year  # noqa: E402

def table_text(rows, delimiter=","):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue()

# 1. The appendix of a thesis on the Small Third Front (names of works real, years and particulars made up)
third = [("旌旗机械厂", "8370", "旌德县孙村乡", "1967年", "上海市电机局", "移交旌德县，部分厂房改作民宿", "341825"), ("险峰光学仪器厂", "8360", "旌德县版书乡", "1966年", "上海市仪表局", "闲置", "341825"), ("卫海机械厂", "526", "绩溪县大坑口", "1966年", "上海市机电二局", "现为驾校", "341824"), ("燎原模具厂", "5307", "绩溪县瀛洲乡", "1967年", "上海市仪表局", "厂房尚存", "341824"),
         ("八五钢厂", "507", "贵池县梅街", "1969年", "上海市冶金局", "移交后停产", "341702"), ("前进机械厂", "5301", "贵池县棠溪乡", "1967年", "上海市机电一局", "仅存车间两栋", "341702"), ("胜利水泥厂", "", "宁国县港口", "1969年", "上海市建材局", "并入海螺集团", "341881"), ("协同机械厂", "9337", "宁国县胡乐", "1966年", "上海市机电二局", "厂区完整，部分利用", "341881"), ("新安电工厂", "", "屯溪市", "1968年", "上海市电机局", "已拆除", "341002")]
docx(HERE / "01-thesis-appendix.docx", [("h", "附录A  皖南上海小三线部分企业一览表", "1"), ("table", [["编号", "厂名", "代号", "厂址", "建厂时间", "隶属", "移交后情况"]] + [[str(i), *t[:6]] for i, t in enumerate(third, 1)], 1), ("p", "资料来源：根据《上海小三线建设史料选编》及作者调查整理。")])
expect("01-thesis-appendix.docx", "heritage", [site(n, d, built=year(b), says=[k] + ([c] if c else [])) for n, c, _, b, _, k, d in third])

# 2. Points of interest out of a map service (places real, particulars made up)
poi = [("中国宣纸博物馆", "科教文化服务;博物馆;博物馆", "榔桥镇乌溪宣纸文化园", "118.456812,30.559312", "0563-5600322", "宣城市", "泾县", "341823"), ("淮北市矿山博物馆", "科教文化服务;博物馆;博物馆", "花园路12号", "116.791201,33.973905", "0561-3882140", "淮北市", "相山区", "340603"), ("铜陵市博物馆", "科教文化服务;博物馆;博物馆", "湖东路1101号", "117.816321,30.942877", "0562-5884320", "铜陵市", "铜官区", "340705"),
       ("合肥家电故事馆", "科教文化服务;展览馆;展览馆", "繁华大道与宿松路交口合柴1972内", "117.308911,31.770421", "", "合肥市", "包河区", "340111"), ("谢裕大茶叶博物馆", "科教文化服务;博物馆;博物馆", "文峰东路1号", "118.345521,29.827711", "0559-3583902;0559-3583903", "黄山市", "徽州区", "341004"), ("古井酒文化博物馆", "科教文化服务;博物馆;博物馆", "古井镇古井酒厂内", "115.664721,33.991804", "0558-5710101", "亳州市", "谯城区", "341602")]
(HERE / "02-map-poi.csv").write_text(table_text([["id", "name", "type", "typecode", "address", "location", "tel", "pname", "cityname", "adname", "adcode"]] + [[f"B0FFG{i:05}", n, t, "140100", a, l, p, "安徽省", c, q, d] for i, (n, t, a, l, p, c, q, d) in enumerate(poi)]), encoding="utf-8")
expect("02-map-poi.csv", "museum", [site(n, d, address=a, lon=float(l.split(",")[0]), lat=float(l.split(",")[1]), tolerance=0.01, **({"phone": p.split(";")[0]} if p else {})) for n, _, a, l, p, _, _, d in poi])

# 3. The answer of a knowledge base as CSV (names real, numbers of items made up)
facts = [("佛子岭水库", "Point(116.2711 31.3412)", "1954-01-01T00:00:00Z", "霍山县", "341525", 116.2711, 31.3412), ("安庆内军械所", "Point(117.0522 30.5131)", "1861-01-01T00:00:00Z", "迎江区", "340802", 117.0522, 30.5131), ("泾县宣纸厂", "Point(118.4517 30.5617)", "1951-01-01T00:00:00Z", "泾县", "341823", 118.4517, 30.5617), ("梅山水库", "Point(115.8803 31.6689)", "1956-01-01T00:00:00Z", "金寨县", "341524", 115.8803, 31.6689), ("裕溪口港", "Point(118.3011 31.4301)", "1936-01-01T00:00:00Z", "鸠江区", "340207", 118.3011, 31.4301), ("大通煤矿", "Point(117.0531 32.6312)", "", "大通区", "340402", 117.0531, 32.6312)]
(HERE / "03-query.csv").write_text(table_text([["item", "itemLabel", "coord", "inception", "adminLabel"]] + [[f"http://www.wikidata.org/entity/Q1190{i:04}", n, p, t, a] for i, (n, p, t, a, *_) in enumerate(facts)]), encoding="utf-8")
expect("03-query.csv", "heritage", [site(n, d, lon=x, lat=y, **({"built": year(t)} if t else {})) for n, _, t, _, d, x, y in facts])

# 4. GeoJSON out of an open map (places real, particulars made up)
osm = [("way/301", "合肥柴油机厂旧址", "Hefei Diesel Engine Works", "合肥市", "包河区", "1972", "works", 117.3037, 31.7721, "340111"), ("way/302", "益新面粉厂", "Yixin Flour Mill", "芜湖市", "镜湖区", "1894", "industrial", 118.3781, 31.3339, "340202"), ("node/303", "宝兴面粉厂旧址", "", "蚌埠市", "蚌山区", "1928", "industrial", 117.3651, 32.9388, "340303"), ("way/304", "白鳍豚水泥厂", "Baijitun Cement Works", "安庆市", "大观区", "1972", "industrial", 117.0114, 30.5025, "340803"), ("node/305", "凤凰山铜矿竖井", "", "铜陵市", "义安区", "1971", "mine_shaft", 118.0325, 30.8722, "340706")]
(HERE / "04-open-map.geojson").write_text(json.dumps({"type": "FeatureCollection", "generator": "overpass-ide", "timestamp": "2024-05-01T08:00:00Z", "features": [{"type": "Feature", "id": i, "properties": {"@id": i, "name": n, **({"name:en": e} if e else {}), "addr:city": c, "addr:district": q, "start_date": y, "historic": h}, "geometry": {"type": "Point", "coordinates": [x, yy]}} for i, n, e, c, q, y, h, x, yy, _ in osm]}, ensure_ascii=False, indent=1), encoding="utf-8")
expect("04-open-map.geojson", "heritage", [site(n, d, built=year(y), lon=x, lat=yy, **({"name_en": e} if e else {})) for _, n, e, _, _, y, _, x, yy, d in osm])

# 5. A housing bureau's inventory of old works, pictures in cells (made up but for the places)
renewal = [("HF-B-01", "安徽拖拉机厂旧址", "瑶海区", "长江东路", "1958年", "国有", "瑶海区国有资产公司", 12600, 7.2, "闲置", "340102"), ("HF-B-02", "合肥轴承厂", "庐阳区", "阜阳路", "1965年", "国有", "合肥轴承有限公司", 8300, 3.1, "活化利用", "340103"), ("HF-B-03", "江淮化肥厂", "包河区", "骆岗街道", "1970年", "国有", "合肥四方化工集团", 23500, 15.6, "闲置", "340111"), ("HF-B-04", "蜀山印刷厂", "蜀山区", "黄山路", "1956年", "集体", "井岗镇经济联合社", 4100, 1.2, "在产", "340104"), ("HF-B-05", "长丰农机修造厂", "长丰县", "水湖镇", "1971年", "集体", "水湖镇人民政府", 2900, 2.0, "闲置", "340121"), ("HF-B-06", "撮镇砖瓦厂", "肥东县", "撮镇镇", "1964年", "集体", "撮镇社区", None, 4.4, "闲置", "340122")]
rows = [["合肥市城市更新老旧厂房资源清单（含工业遗存）"], ["序号", "地块编号", "厂房名称", "所在区县", "位置", "建设年代", "产权性质", "产权单位", "现状建筑面积（㎡）", "占地面积（公顷）", "使用状态", "现状照片"]]
for i, r in enumerate(renewal, 1):
    rows.append([i, *r[:10], f'=DISPIMG("ID_{i:032X}",1)'])
xlsx(HERE / "05-renewal.xlsx", [("清单", rows, ["A1:L1"])])
expect("05-renewal.xlsx", "heritage", [site(n, d, built=year(b), ownership=k, owner=o, use=u, land=f"{ha * 10000:g}", **({"area": f"{a:g}"} if a else {})) for _, n, _, _, b, k, o, a, ha, u, d in renewal])

# 6. An education bureau's bases for study tours (made up but for the places)
study = [("中国宣纸文化园", "泾县", "小学高段、初中", "1.古法捞纸\n2.宣纸装裱", 300, "68元/人", "0563-5600330", "341823"), ("宣笔文化园", "泾县", "小学", "宣笔制作", 120, "50元/人", "0563-5111230", "341823"), ("绩溪胡开文徽墨文化园", "绩溪县", "初中、高中", "1.点烟\n2.描金", 200, "60元/人", "0563-8152330", "341824"), ("旌德宣砚文化园", "旌德县", "小学、初中", "宣砚雕刻", 150, "免费", "0563-8023330", "341825"), ("中国航天603基地", "广德市", "初中、高中", "探空火箭模型", 200, "40元/人", "0563-6022330", "341882"), ("司尔特科普园", "宁国市", "初中", "化肥的前世今生", 180, "免费", "0563-4181330", "341881"), ("郎溪经都茶厂", "郎溪县", "小学", "采茶制茶", 100, "45元/人", "0563-7012330", "341821")]
rows = [["宣城市中小学生研学实践教育基地一览表（工业类）"], ["序号", "县市区", "基地名称", "适宜学段", "主要课程", "单次接待人数", "收费标准", "预约电话"]]
for i, (n, q, s, c, k, f, p, _) in enumerate(study, 1):
    rows.append([i, q, n, s, c, k, f, p])
xlsx(HERE / "06-study-bases.xlsx", [("Sheet1", rows, ["A1:H1"])])
expect("06-study-bases.xlsx", "tour_site", [site(n, d, phone=p, ticket=f, says=[c.split("\n")[-1].split(".")[-1], str(k)]) for n, _, _, c, k, f, p, d in study])

# 7. A table in Markdown out of a code host (real names, years approximate)
mark = [("合肥钢铁厂", "合肥市瑶海区", "第二批", "1958", "340102", 2), ("泾县宣纸厂", "宣城市泾县", "第二批", "1951", "341823", 2), ("古井贡酒年份原浆传统酿造区", "亳州市谯城区", "第三批", "", "341602", 3), ("贵池茶厂", "池州市贵池区", "第三批", "1951", "341702", 3), ("歙县老胡开文墨厂", "黄山市歙县", "第三批", "", "341021", 3), ("庐江矾矿", "合肥市庐江县", "第四批", "", "340124", 4), ("中国航天603基地", "宣城市广德市", "第四批", "1960", "341882", 4)]
(HERE / "07-readme.md").write_text("# anhui-industrial-heritage\n\n安徽省的国家工业遗产，欢迎补充。\n\n## 国家工业遗产\n\n| # | 名称 | 所在地 | 批次 | 始建年份 |\n|:-:|------|--------|:----:|---------:|\n" + "".join(f"| {i} | [{n}](sites/{i}.md) | {p} | {b} | {y or '-'} |\n" for i, (n, p, b, y, _, _) in enumerate(mark, 1)) + "\n## License\n\nCC BY 4.0\n", encoding="utf-8")
expect("07-readme.md", "heritage", [site(n, d, batch=k, level="国家", **({"built": year(y)} if y else {})) for n, _, _, y, d, k in mark])

# 8. Three tables under one another on one sheet; only the second is of museums (made up but for the places)
stack_h = [("五河造船厂", "五河县", "1958年", "闲置"), ("固镇酒厂", "固镇县", "1952年", "在产"), ("怀远榴酒厂", "怀远县", "1979年", "闲置")]
stack_m = [("治淮陈列馆", "蚌山区", "0552-3093130", "周二至周日9:00-16:30", "340303", [["2,3,4,5,6,7", "09:00", "16:30"]]), ("蚌埠玻璃工业展览馆", "禹会区", "0552-4071130", "周一至周五9:00-17:00", "340304", [["1,2,3,4,5", "09:00", "17:00"]]), ("丰原生物科技馆", "龙子湖区", "0552-4926130", "9:00-16:00", "340302", [["1,2,3,4,5,6,7", "09:00", "16:00"]]), ("蚌埠铁路记忆馆", "蚌山区", "", "", "340303", None)]
stack_t = [("古民居博览园", "龙子湖区", "80元"), ("禾泉农庄", "怀远县", "60元")]
rows = [["蚌埠市工业文化资源统计表"], ["一、工业遗产（3处）"], ["序号", "遗产名称", "县区", "始建年代", "利用现状"]] + [[i, *h] for i, h in enumerate(stack_h, 1)] + [[], ["二、工业博物馆（4家）"], ["序号", "场馆名称", "县区", "咨询电话", "开放时间"]] + [[i, *m[:4]] for i, m in enumerate(stack_m, 1)] + [[], ["三、工业旅游点（2家）"], ["序号", "旅游点名称", "县区", "门票"]] + [[i, *t] for i, t in enumerate(stack_t, 1)]
xlsx(HERE / "08-stacked.xlsx", [("汇总表", rows, ["A1:E1", "A2:E2"])])
expect("08-stacked.xlsx", "museum", [site(n, d, **({"phone": p} if p else {}), **({"hours": w} if w else {})) for n, _, p, _, d, w in stack_m])

# 9. Statistics of museums, a head of three rows with units (made up but for the places)
stats = [("马钢展示馆", "雨山区", "2008年", 2600, 1800, 420, 2.3, "国有企业", "340504"), ("迎驾酒文化博物馆", "霍山县", "2010年", 5200, 3100, 1260, 15, "民营", "341525"), ("祁红博物馆", "祁门县", "2015年", 3300, 2100, 860, 8.5, "民营", "341024"), ("口子酒文化博物馆", "濉溪县", "2012年", 4800, 2900, 1530, 6, "民营", "340621"), ("铜陵市博物馆", "铜官区", "2019年", 15800, 7600, 4100, 35, "文物部门", "340705"), ("三国新城酒文化馆", "庐阳区", "2017年", 900, 650, 210, 0.8, "民营", "340103")]
book = xlwt.Workbook(encoding="utf-8")
sheet = book.add_sheet("统计")
sheet.write_merge(0, 0, 0, 8, "安徽省工业博物馆基本情况统计表（2023年度）")
for c, t in enumerate(["序号", "场馆名称", "县区", "开馆时间"]):
    sheet.write_merge(1, 3, c, c, t)
sheet.write_merge(1, 1, 4, 7, "规模")
for c, (t, u) in enumerate([("建筑面积", "㎡"), ("展厅面积", "㎡"), ("藏品数量", "件/套"), ("年接待人次", "万人次")], 4):
    sheet.write(2, c, t)
    sheet.write(3, c, u)
sheet.write_merge(1, 3, 8, 8, "性质")
for r, (n, q, o, a, e, k, v, p, _) in enumerate(stats, 4):
    for c, t in enumerate([r - 3, n, q, o, a, e, k, v, p]):
        sheet.write(r, c, t)
book.save(str(HERE / "09-statistics.xls"))
OWN = {"国有企业": "其他行业国有", "民营": "非国有", "文物部门": "文物系统国有"}
expect("09-statistics.xls", "museum", [site(n, d, opened=year(o), area=f"{a:g}", ownership=OWN[p], says=[f"{v * 10000:g}", f"{k:g}"]) for n, _, o, a, _, k, v, p, d in stats])

# 10. A county's roll with levels of each (names real or likely, bearers made up)
county = [("徽墨制作技艺", "国家级", "Ⅷ-73", "汪某明、周某", "绩溪县上庄胡开文墨厂"), ("徽菜烹饪技艺", "国家级", "Ⅷ-278", "邵某", "绩溪县徽菜协会"), ("绩溪挞粿制作技艺", "市级", "", "程某", "绩溪县餐饮协会"), ("徽州木雕", "国家级", "Ⅶ-37", "方某", "绩溪县文化馆"), ("绩溪菊花茶制作技艺", "县级", "", "胡某", "瀛洲镇文化站"), ("抬阁制作工艺", "省级", "", "章某", "绩溪县文化馆"), ("竹编技艺", "县级", "", "", "家朋乡文化站")]
docx(HERE / "10-county-crafts.docx", [("c", "绩溪县传统工艺类非物质文化遗产项目汇总表"), ("table", [["序号", "项目名称", "级别", "项目编号", "代表性传承人", "保护单位"]] + [[str(i), *c] for i, c in enumerate(county, 1)], 1), ("p", "填表单位：绩溪县文化旅游体育局    填表日期：2023年9月8日")])
expect("10-county-crafts.docx", "craft", [site(n, "341824", ich_level=l, **({"ich_number": no} if no else {}), **({"masters": m.split("、")} if m else {}), says=[k]) for n, l, no, m, k in county])

# 11. A page in traditional characters (real)
trad = [(["张裕酿酒公司", "張裕釀酒公司"], "張裕釀酒公司", "山東省煙台市芝罘區", "地下酒窖；老門頭；亞洲桶王", "370602"), (["旅顺船坞", "旅順船塢"], "旅順船塢", "遼寧省大連市旅順口區", "船塢；木作坊；電報局", "210212"), (["温州矾矿", "溫州礬礦"], "溫州礬礦", "浙江省溫州市蒼南縣", "採礦遺址；煅燒爐", "330327"), (["菱湖丝厂", "菱湖絲廠"], "菱湖絲廠", "浙江省湖州市南潯區", "繅絲車間；倉庫", "330503"), (["鞍山钢铁厂", "鞍山鋼鐵廠"], "鞍山鋼鐵廠", "遼寧省鞍山市鐵西區", "1號高爐；鞍鋼憲法", "210303"), (["景德镇国营宇宙瓷厂", "景德鎮國營宇宙瓷廠"], "景德鎮國營宇宙瓷廠", "江西省景德鎮市珠山區", "鋸齒形老廠房；圓窯包", "360203")]
(HERE / "11-traditional.html").write_text("<!DOCTYPE html><html lang='zh-Hant'><head><meta charset='utf-8'><title>首批國家工業遺產名單公布 - 工業旅遊網</title></head><body><nav><a>首頁</a><a>即時</a></nav><h1>首批國家工業遺產名單</h1><p>2017年12月22日</p><table><tr><th>序號</th><th>名稱</th><th>地址</th><th>核心物項</th></tr>" + "".join(f"<tr><td>{i}</td><td>{n}</td><td>{a}</td><td>{c}</td></tr>" for i, (_, n, a, c, _) in enumerate(trad, 1)) + "</table></body></html>\n", encoding="utf-8")
expect("11-traditional.html", "heritage", [{"name": n, "division": d, "level": "国家", "batch": 1} for n, _, _, _, d in trad])

# 12. The answer of an open-data platform (places real, particulars made up)
api = [("合肥工业记忆馆", "合肥市瑶海区", "长江东路1104号", "9:00-17:00（周一闭馆）", "免费", "0551-64291230", 117.3301, 31.8701, "340102", [["2,3,4,5,6,7", "09:00", "17:00"]]), ("合柴1972展陈中心", "合肥市包河区", "繁华大道与宿松路交口", "9:00-21:00", "免费", "0551-63505230", 117.3037, 31.7721, "340111", [["1,2,3,4,5,6,7", "09:00", "21:00"]]), ("皖维企业展厅", "合肥市巢湖市", "皖维路56号", "周一至周五9:00-17:00", "免费", "0551-82189230", 117.8701, 31.6102, "340181", [["1,2,3,4,5", "09:00", "17:00"]]), ("三河米业陈列馆", "合肥市肥西县", "三河古镇", "8:30-17:00", "20元", "0551-68751230", 117.2451, 31.5109, "340123", [["1,2,3,4,5,6,7", "08:30", "17:00"]]), ("庐江矾矿展示馆", "合肥市庐江县", "矾山镇", "9:00-16:30", "免费", "0551-87311230", 117.4431, 31.0902, "340124", [["1,2,3,4,5,6,7", "09:00", "16:30"]])]
(HERE / "12-open-data.json").write_text(json.dumps({"code": 200, "msg": "success", "data": {"total": len(api), "pageNum": 1, "list": [{"id": 1000 + i, "museumName": n, "areaName": d, "address": a, "openTime": h, "ticketInfo": t, "tel": p, "lng": x, "lat": y, "updateTime": "2024-04-01 10:00:00"} for i, (n, d, a, h, t, p, x, y, _, _) in enumerate(api)]}}, ensure_ascii=False), encoding="utf-8")
expect("12-open-data.json", "museum", [site(n, d, address=a, hours=w, ticket=t, phone=p, lon=x, lat=y) for n, _, a, _, t, p, x, y, d, w in api])

# 13. Open data: firms with time-honoured brands (firms partly real, codes and particulars made up)
firms = [("芜湖市耿福兴酒楼", "91340202149390001", "耿福兴", "镜湖区", "凤凰美食街6号", "0553-3876230", "340202"), ("芜湖同庆楼餐饮有限公司", "91340202711770002", "同庆楼", "镜湖区", "中和路8号", "0553-3812230", "340202"), ("芜湖市傻子瓜子有限总公司", "91340207149400003", "傻子瓜子", "鸠江区", "北京中路55号", "0553-5841230", "340207"), ("安徽繁昌老窑陶瓷有限公司", "91340222750000004", "繁昌窑", "繁昌区", "繁阳镇", "0553-7871230", "340212"), ("南陵县丫山葛粉厂", "91340223760000005", "丫山", "南陵县", "何湾镇", "0553-6711230", "340223"), ("无为板鸭食品有限公司", "91340225770000006", "无为板鸭", "无为市", "无城镇", "0553-6601230", "340281")]
(HERE / "13-open-data-gbk.csv").write_bytes(table_text([["企业名称", "统一社会信用代码", "老字号品牌", "所属县区", "经营地址", "联系电话", "数据来源单位", "更新时间"]] + [[n, uscc(c) + "\t", b, q, a, p, "芜湖市商务局", "2023/12/31"] for n, c, b, q, a, p, _ in firms]).encode("gbk"))
expect("13-open-data-gbk.csv", "organisation", [site(n, d, address=a, says=[uscc(c)]) for n, c, _, _, a, _, d in firms])

# 14. A Word list numbered by Word itself, particulars in the sentence (made up but for the places)
sentences = [("安徽第一棉纺织厂", "瑶海区明光路", "1954年", "340102"), ("合肥矿山机器厂", "瑶海区长江东路", "1950年", "340102"), ("合肥酒厂", "庐阳区寿春路", "1951年", "340103"), ("合肥钟表厂", "蜀山区黄山路", "1965年", "340104"), ("合肥化工厂", "包河区芜湖路", "1956年", "340111"), ("肥西丰乐农具厂", "肥西县丰乐镇", "1958年", "340123")]
docx(HERE / "14-numbered-by-word.docx", [("c", "合肥市工业遗产线索名单"), ("p", "经各县（市、区）上报，现将我市工业遗产线索汇总如下：")] + [("list", f"{n}，位于{a}，始建于{b}。") for n, a, b, _ in sentences] + [("p", "合肥市经济和信息化局"), ("p", "2021年4月30日")])
expect("14-numbered-by-word.docx", "heritage", [site(n, d, built=year(b)) for n, _, b, d in sentences])

# 15. A county's register of relics with degrees in two columns (made up but for the places)
relics = [("341821-0101", "定埠粮站旧址", "定埠镇", "1956年", "31°03′12.5″", "119°11′40.2″", 14, "一般", 119.19450, 31.05347), ("341821-0102", "梅渚老油坊", "梅渚镇", "民国", "31°05′48.0″", "119°15′33.7″", 12, "较差", 119.25936, 31.09667), ("341821-0107", "郎溪轮窑厂烟囱", "建平镇", "1973年", "31°07′55.1″", "119°10′22.6″", 21, "较好", 119.17294, 31.13197), ("341821-0111", "十字铺茶厂", "十字镇", "1955年", "31°01′07.9″", "119°06′02.3″", 30, "较好", 119.10064, 31.01886), ("341821-0115", "飞鲤电灌站", "飞鲤镇", "1964年", "31°09′30.0″", "118°59′41.9″", 9, "一般", 118.99497, 31.15833), ("341821-0120", "南丰丝厂", "建平镇", "1979年", "31°07′40.4″", "119°11′05.5″", 19, "差", 119.18486, 31.12789)]
rows = [["郎溪县不可移动文物登记表（工业建筑及附属物）", None, None, None, None, None, None, None, None], ["序号", "编号", "名称", "乡镇", "年代", "纬度", "经度", "海拔（米）", "保存状况"]] + [[i, *r[:8]] for i, r in enumerate(relics, 1)]
ods(HERE / "15-county-relics.ods", [("登记表", rows, [(0, 0, 1, 9)])])
expect("15-county-relics.ods", "heritage", [site(n, "341821", condition=s, lon=x, lat=y, tolerance=0.0002, **({"built": year(b)} if b[0] == "1" else {})) for _, n, _, b, _, _, _, s, x, y in relics])

# 16. Core items with the site on each row (items partly real, counts made up)
(HERE / "16-sites-before.csv").write_text("名称,所在地,认定级别\n泾县宣纸厂,宣城市泾县,国家\n口子窖窖池群及酿酒作坊,淮北市濉溪县,国家\n", encoding="utf-8")
items = [("泾县宣纸厂", "成品库", "建筑", "1栋", "1958年", "较好", "现为宣纸博物馆"), ("泾县宣纸厂", "晒滩", "遗址场地", "2片", "1951年", "较好", "在用"), ("泾县宣纸厂", "宣纸制作技艺", "工艺技术", "", "", "好", "一百零八道工序"), ("泾县宣纸厂", "老办公楼", "建筑", "1栋", "1953年", "一般", "办公"), ("口子窖窖池群及酿酒作坊", "明清地下酒库", "构筑物", "3座", "明清", "较好", "储酒"), ("口子窖窖池群及酿酒作坊", "老城酿酒车间", "建筑", "2栋", "1951年", "一般", "在产"), ("口子窖窖池群及酿酒作坊", "甑桶", "机器设备", "8只", "20世纪60年代", "一般", "陈列")]
xlsx(HERE / "16-core-items.xlsx", [("核心物项表", [["序号", "所属工业遗产", "核心物项名称", "物项类型", "数量（单位）", "年代", "保存现状", "现状用途"]] + [[i, *it] for i, it in enumerate(items, 1)], [])])
expect("16-core-items.xlsx", "core_item", [site(n, condition=c, says=[h, k, u], **({"built": [1960, 1969] if b.startswith("20世纪") else year(b)} if b and b != "明清" else {})) for h, n, k, _, b, c, u in items], before=[["heritage", "16-sites-before.csv"]])

# 17. A report with provinces and names in lines (names mostly real)
lines = [("北京市", "110000", ["751园区", "首钢工业文化景区"]), ("辽宁省", "210000", ["鞍钢红色钢铁之旅工业旅游基地"]), ("江苏省", "320000", ["洋河酒厂文化旅游区", "南钢工业文化旅游区"]), ("安徽省", "340000", ["古井酒文化博览园", "铜官山1978文创园"]), ("山东省", "370000", ["青岛啤酒博物馆", "东阿阿胶城"])]
(HERE / "17-provinces.txt").write_text("文化和旅游部推出一批国家工业旅游示范基地\n\n文旅之声  2022-11-17\n\n日前，文化和旅游部发布公告，确定北京市751园区等单位为国家工业旅游示范基地。名单如下（节选）：\n\n" + "\n".join(f"{p}　{'　'.join(n)}" for p, _, n in lines) + "\n\n下一步，文化和旅游部将指导各地用好工业旅游资源。\n", encoding="utf-8")
expect("17-provinces.txt", "tour_site", [site(n, d, recognition="工业旅游示范基地") for p, d, names in lines for n in names])

# 18. An account's article saved as a page: sections, signs before the labels (places real, words ours)
posts = [("大砻坊科技文化园", "芜湖市镜湖区砻坊路", "由益新面粉厂改造，可看制粉楼和工业长廊", "340202"), ("合柴1972", "合肥市包河区繁华大道", "由合肥柴油机厂改造，有家电故事馆和当代美术馆", "340111"), ("铜官山1978", "铜陵市铜官区露采新村", "矿工生活区改造的文创园", "340705"), ("集贤时空", "安庆市大观区集贤南路", "白鳍豚水泥厂改造，筒仓变成艺术展厅", "340803"), ("九龙岗民国小镇", "淮南市大通区九龙岗镇", "煤矿局建筑群，老车站", "340402")]
(HERE / "18-account-page.html").write_text("<!DOCTYPE html><html><head><meta charset='utf-8'><title>周末去哪儿｜安徽这5处老厂房，出片又有料</title></head><body><div id='js_article'><h1 class='rich_media_title'>周末去哪儿｜安徽这5处老厂房，出片又有料</h1><span>皖游君</span> <em>2024-04-12 18:00</em><div id='js_content'><section><p>机器停了，故事还在。跟着小编一起打卡吧！</p></section>" + "".join(f"<section style='text-align:center'><section><strong><span>{i:02}</span></strong></section><section><strong>{n}</strong></section></section><p><img data-src='https://mmbiz.example/{i}.jpg'></p><p>📍地址：{a}</p><p>✨亮点：{t}</p>" for i, (n, a, t, _) in enumerate(posts, 1)) + "<section><p>—— END ——</p><p>编辑：小皖　审核：老徐</p></section></div></div></body></html>\n", encoding="utf-8")
expect("18-account-page.html", "tour_site", [site(n, d, says=[t]) for n, _, t, d in posts])

(HERE / "expected.json").write_text(json.dumps(EXPECTED, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
