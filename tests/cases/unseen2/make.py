"""Writes the lists of this folder and expected.json. Everything in them is a test case: places that
exist and such as are made up, in the shapes offices publish. Needs python3-openpyxl, python3-docx,
python3-odf, python3-xlwt and ogr2ogr; the tests read what is kept and never run this.

Written before its author had read the importer. The files from h1 on were held back: nobody looked
at what failed in them until everything else had been mended. Run: python3 make.py"""
import json
import pathlib
import subprocess
import tempfile

import docx
import openpyxl
import xlwt
from odf import opendocument, table as odf_table, text as odf_text
from openpyxl.styles import Alignment, Font

HERE = pathlib.Path(__file__).resolve().parent
CASES = []


def case(file, type_name, records, others=0, outside=(), before=None):
    CASES.append({"file": file, "type": type_name, "others": others, "outside": list(outside), "records": records,
                  **({"before": before} if before else {})})
    return HERE / file


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.replace("\n", "\r\n").encode(encoding))


def grid(sheet, rows, at=1):
    for r, row in enumerate(rows, at):
        for c, value in enumerate(row, 1):
            if value is not None:
                sheet.cell(r, c, value)


def docx_table(document, rows, merges=()):
    table = document.add_table(rows=len(rows), cols=max(map(len, rows)))
    table.style = "Table Grid"
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value is not None:
                table.cell(r, c).text = str(value)
    for r0, c0, r1, c1 in merges:
        text = table.cell(r0, c0).text
        table.cell(r0, c0).merge(table.cell(r1, c1)).text = text
    return table


def shapes(path, fields, rows, driver, *options, geometry=True):
    features = [{"type": "Feature", "properties": dict(zip(fields, row[1])),
                 "geometry": {"type": "Point", "coordinates": row[0]} if row[0] else None} for row in rows]
    with tempfile.TemporaryDirectory() as d:
        src = pathlib.Path(d) / "a.geojson"
        src.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), encoding="utf-8")
        subprocess.run(["ogr2ogr", "-f", driver, str(path), str(src), *options], check=True)


# ── 01 a ministry's page: the level and the batch stand in the title only ───────────────────────
def ministry_page():
    path = case("01-ministry-notice.html", "heritage", [
        {"name": "开滦唐山矿早期工业遗存", "division": "130200", "core": "中国第一佳矿1878年石碑", "level": "国家", "batch": 3},
        {"name": "阜新煤炭工业遗产群", "division": "210903", "core": "海州露天矿坑", "level": "国家", "batch": 3},
        {"name": "大生纱厂", "division": "320613", "core": "钟楼", "level": "国家", "batch": 3},
        {"name": "古井贡酒年份原浆传统酿造区", "division": "341602", "core": "明清窖池群", "level": "国家", "batch": 3},
        {"name": "贵池茶厂", "division": "341702", "core": "木质联装机", "level": "国家", "batch": 3},
        {"name": "歙县老胡开文墨厂", "division": "341021", "core": "制墨工具", "level": "国家", "batch": 3},
        {"name": "景德镇明清窑作群——罗汉肚窑", "division": "360203", "core": "窑房", "level": "国家", "batch": 3},
    ])
    rows = [("1", "开滦唐山矿早期工业遗存", "河北省唐山市路南区", "唐山矿一号井；百年达道；中国第一佳矿1878年石碑；开滦煤矿老股票"),
            ("2", "阜新煤炭工业遗产群", "辽宁省阜新市<br>太平区、新邱区", "海州露天矿坑；2400电镐；<br>蒸汽机车；孙家湾万人坑"),
            ("3", "大生纱厂", "江苏省南通市港闸区", "钟楼&nbsp;；公事厅；<br/>专家楼；清花间厂房；南通纺织专门学校旧址"),
            ("4", "古井贡酒年份原浆传统酿造区", "安徽省亳州市谯城区", "宋代古井；明清窖池群；明清酿酒遗址；1号酿酒车间"),
            ("5", "贵池茶厂", "安徽省池州市贵池区", "办公楼；老厂房7座；木质联装机（发明于20世纪50年代）；毛泽东主席视察题词碑"),
            ("6", "歙县老胡开文墨厂", "安徽省黄山市歙县", "点烟房；制墨车间；制墨工具；墨模17000余副；《墨谱》"),
            ("7", "景德镇明清窑作群&mdash;&mdash;罗汉肚窑", "江西省景德镇市珠山区", "窑房；罗汉肚窑炉；练泥池；作坊")]
    body = "\n".join("<tr>" + "".join(f'<td style="border:1px solid #000"><p><span>{c}</span></p></td>' for c in row) + "</tr>" for row in rows)
    write(path, f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>关于公布第三批国家工业遗产名单的通告_政策文件_某部</title>
<style>td{{font-size:14px}}</style><script>var t = "<table><tr><td>x</td></tr></table>";</script></head><body>
<table width="100%" class="top"><tr><td><a href="/">首页</a></td><td><a href="/xw">新闻动态</a></td><td><a href="/zw">政务公开</a></td></tr></table>
<table width="980"><tr><td>
<h1>关于公布第三批国家工业遗产名单的通告</h1>
<p>发布时间：2019-12-19　来源：产业政策与法规司</p>
<p>根据《国家工业遗产管理暂行办法》，经工业遗产所有权人自愿申请、相关省级工业和信息化主管部门推荐、专家评审、现场核查和网上公示等程序，现公布第三批国家工业遗产名单。</p>
<p>附件：国家工业遗产名单（第三批）</p>
<p style="text-align:center"><b>国家工业遗产名单（第三批）</b></p>
<table border="1" cellspacing="0"><thead><tr><th>序号</th><th>名&nbsp;&nbsp;称</th><th>地&emsp;址</th><th>核心物项</th></tr></thead><tbody>
{body}
</tbody></table>
<p style="text-align:right">2019年12月6日</p>
</td></tr></table>
<table class="foot"><tr><td>主办单位：某部</td><td>网站标识码bm07000001</td></tr><tr><td>京ICP备00000000号</td><td>联系我们</td></tr></table>
</body></html>""")


# ── 02 a province's first list, DOCX, the city merged down the left ─────────────────────────────
def province_docx():
    path = case("02-province-first.docx", "heritage", [
        {"name": "合肥矿山机器厂旧址", "division": "340103", "level": "省", "batch": 1, "owner": "合肥市产业投资控股有限公司", "built": [1953, None]},
        {"name": "安徽第一棉纺织厂", "division": "340102", "level": "省", "batch": 1, "owner": "安徽纺织控股集团", "built": [1954, None]},
        {"name": "益新面粉公司旧址", "division": "340202", "level": "省", "batch": 1, "owner": "芜湖市镜湖建设投资有限公司", "built": [1890, None]},
        {"name": "裕中纱厂旧址", "division": "340207", "level": "省", "batch": 1, "owner": "裕中纺织有限公司", "built": [1916, None], "core": "办公小楼"},
        {"name": "淮南煤矿九龙岗矿", "division": "340402", "level": "省", "batch": 1, "owner": "淮河能源控股集团", "built": [1930, None]},
        {"name": "佛子岭水库大坝", "division": "341525", "level": "省", "batch": 1, "owner": "佛子岭水库管理处", "built": [1952, 1954]},
    ], others=1)
    d = docx.Document()
    d.add_paragraph("皖经信产业〔2023〕88号")
    d.add_heading("安徽省经济和信息化厅关于公布第一批省级工业遗产名单的通知", 1)
    d.add_paragraph("各市经济和信息化局，广德市、宿松县经济和信息化局：")
    d.add_paragraph("经组织申报、专家评审、现场核查、公示等程序，现将第一批省级工业遗产名单予以公布。")
    d.add_paragraph("2023年11月20日")
    d.add_page_break()
    d.add_paragraph("附件")
    d.add_paragraph("第一批省级工业遗产名单")
    rows = [["序号", "所属市", "遗产名称", "始建年代", "主要核心物项", "所有权人", "坐落地点"],
            ["1", "合肥市", "合肥矿山机器厂旧址", "1953年", "装配车间1栋；苏式办公楼1栋；龙门刨床", "合肥市产业投资控股有限公司", "庐阳区濉溪路"],
            ["2", None, "安徽第一棉纺织厂", "一九五四年", "锯齿形厂房\n水塔", "安徽纺织控股集团", "瑶海区长江东路"],
            ["3", "芜湖市", "益新面粉公司旧址", "1890年（清光绪十六年）", "制粉大楼1座、仓库2座", "芜湖市镜湖建设投资有限公司", "镜湖区大砻坊"],
            ["4", None, "裕中纱厂旧址", "民国五年", "办公小楼、原动房", "裕中纺织有限公司", "鸠江区狮子山街道"],
            ["5", "淮南市", "淮南煤矿九龙岗矿", "1930年", "测绘科办公楼；东矿井架", "淮河能源控股集团", "大通区九龙岗镇"],
            ["6", "六安市", "佛子岭水库大坝", "1952-1954年", "混凝土连拱坝", "佛子岭水库管理处", "霍山县佛子岭镇"],
            ["备注：排名不分先后。", None, None, None, None, None, None]]
    docx_table(d, rows, [(1, 1, 2, 1), (3, 1, 4, 1), (7, 0, 7, 6)])
    d.save(path)


# ── 03 a county's stock-taking: header of three rows, degrees in columns of their own, hidden rows ──
def county_survey():
    path = case("03-county-survey.xlsx", "heritage", [
        {"name": "庐江矾矿", "division": "340124", "lon": 117.4333, "lat": 31.1, "tolerance": 0.001, "built": [1662, None], "slack": 40,
         "owner": "庐江矾矿工贸总公司", "condition": "较好", "address": "矾山镇", "says": ["赵"]},
        {"name": "庐江县砖桥铁矿", "division": "340124", "lon": 117.3847, "lat": 31.1692, "tolerance": 0.001, "built": [1958, None], "closed": [1996, None],
         "owner": "砖桥镇人民政府", "condition": "一般", "address": "砖桥镇"},
        {"name": "白湖农场砖瓦厂", "division": "340124", "lon": 117.4503, "lat": 31.2264, "tolerance": 0.001, "built_in": 1965,
         "owner": "白湖农场", "condition": "较差", "address": "白湖镇"},
        {"name": "缺口轮窑厂", "division": "340124", "lon": 117.2519, "lat": 31.3331, "tolerance": 0.001, "built_in": 1978, "condition": "差", "address": "盛桥镇"},
    ], others=1, outside=["填表说明"])
    path_rows = [
        ["附件1"], ["庐江县工业遗产摸底调查汇总表"], ["填报单位（盖章）：庐江县经济和信息化局", None, None, None, None, None, None, None, None, None, "填报日期：2022年4月8日"],
        ["序号", "基本信息", None, None, None, "地理坐标", None, None, None, None, None, "权属及现状", None, None, "备注"],
        [None, "遗产名称", "所在乡镇", "始建时间", "停产时间", "东经", None, None, "北纬", None, None, "产权单位", "保存现状", "占地面积（亩）", None],
        [None, None, None, None, None, "度", "分", "秒", "度", "分", "秒", None, None, None, None],
        [1, "庐江矾矿", "矾山镇", "清康熙年间", None, 117, 26, 0, 31, 6, 0, "庐江矾矿工贸总公司", "较好", 1200, "联系人：赵主任"],
        [2, "庐江县砖桥铁矿", "砖桥镇", "1958年", "1996年", 117, 23, 4.9, 31, 10, 9.1, "砖桥镇人民政府", "一般", 85.5, None],
        [3, "白湖农场砖瓦厂", "白湖镇", "上世纪六十年代", None, 117, 27, 1, 31, 13, 35, "白湖农场", "较差", "约40", None],
        [4, "缺口轮窑厂", "盛桥镇", "20世纪70年代末", "2003", 117, 15, 6.8, 31, 19, 59.2, None, "差", "32亩", None],
        ["合计", "4处", None, None, None, None, None, None, None, None, None, None, None, 1357.5, None],
        ["填表人：李四", None, None, "审核人：王五", None, None, None, "联系电话：0551-87320000"]]
    book = openpyxl.Workbook()
    note = book.active
    note.title = "填表说明"
    grid(note, [["填表说明"], ["1. 本表由县级经信部门填写，一处一行，不得漏报。"], ["2. 始建时间填写到年，不详的填写年代。"], ["3. 保存现状分好、较好、一般、较差、差五级。"]])
    sheet = book.create_sheet("汇总表")
    grid(sheet, path_rows)
    for where in ("A1:C1", "A2:O2", "A3:J3", "A4:A6", "B4:E4", "F4:K4", "L4:N4", "O4:O6", "B5:B6", "C5:C6", "D5:D6", "E5:E6", "F5:H5", "I5:K5", "L5:L6", "M5:M6", "N5:N6", "A12:C12"):
        sheet.merge_cells(where)
    sheet["A2"].font = Font(size=20, bold=True)
    sheet["A2"].alignment = Alignment(horizontal="center")
    sheet.row_dimensions[10].hidden = True
    book.save(path)


# ── 04 a summary table of a relic census in the old format of spreadsheets ──────────────────────
def census_xls():
    path = case("04-relic-census.xls", "heritage", [
        {"name": "大通轮船招商局旧址", "division": "340711", "lon": 117.74175, "lat": 30.80342, "tolerance": 0.0005, "built": [1900, None], "condition": "一般", "says": ["砖木"]},
        {"name": "铜官山选矿厂", "division": "340705", "lon": 117.80353, "lat": 30.91925, "tolerance": 0.0005, "built": [1952, None], "condition": "较好"},
        {"name": "老洲粮站仓库", "division": "340722", "lon": 117.61, "lat": 30.80, "tolerance": 0.02, "built_in": 1956, "condition": "好"},
        {"name": "顺安冶炼遗址", "division": "340706", "lon": 117.905, "lat": 30.945, "tolerance": 0.002, "condition": "较差"},
    ])
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Sheet1")
    sheet.write_merge(0, 0, 0, 9, "铜陵市不可移动文物（工业遗产类）登记汇总表")
    for r, row in enumerate([
            ["编号", "名称", "县（区）", "地址及位置", "经纬度", "年代", "类别", "保护级别", "现状评估", "简介"],
            ["340711-0012", "大通轮船招商局旧址", "郊区", "大通镇和悦街", "N30°48'12.3\"，E117°44'30.3\"", "清光绪廿六年", "近现代重要史迹及代表性建筑", "未定级", "一般", "砖木结构两层，面阔三间。"],
            ["340705-0031", "铜官山选矿厂", "铜官区", "露采新村", "北纬：30°55′09.3″\n东经：117°48′12.7″", "1952年", "近现代重要史迹及代表性建筑", "市级文物保护单位", "较好", "新中国第一座大型铜选矿厂之一。"],
            ["340722-0107", "老洲粮站仓库", "枞阳县", "老洲镇", "东经117°36′36″北纬30°48′0″", "20世纪50年代", "近现代重要史迹及代表性建筑", "未定级", "好", "苏式仓库4座。"],
            ["340706-0055", "顺安冶炼遗址", "义安区", "顺安镇", "117°54′18″，30°56′42″", "唐—宋", "古遗址", "县级文物保护单位", "较差", "炼渣堆积厚1-3米。"]], 1):
        for c, value in enumerate(row):
            sheet.write(r, c, value)
    book.add_sheet("Sheet2")
    book.add_sheet("Sheet3")
    book.save(str(path))


# ── 05 a city's list, GBK, sections with counts, numbers starting again, gaps, stars and their note ──
def city_sections_csv():
    path = case("05-city-sections-gbk.csv", "heritage", [
        {"name": "安徽拖拉机厂", "division": "340102", "level": "市", "built": [1960, None], "use": "工业遗址公园"},
        {"name": "合肥江淮化工厂", "division": "340102", "level": "市", "built": [1958, None]},
        {"name": "合肥无线电二厂", "division": "340103", "level": "市", "built": [1966, None], "use": "闲置"},
        {"name": "安徽省图书馆老印刷车间", "division": "340103", "level": "市", "built": [1954, None], "use": "办公"},
        {"name": "合肥叉车厂老厂区", "division": "340111", "level": "市", "built": [1958, None]},
        {"name": "巢湖水泥厂", "division": "340181", "level": "市", "built_in": 1959},
        {"name": "巢湖铸造厂", "division": "340181", "level": "市", "built": [1968, None], "use": "仍在生产"},
    ], others=2)
    write(path, """合肥市市级工业遗产名录,,,,,
（截至2022年12月，共7处）,,,,,
序号,名称,地点,建成年份,利用情况,备注
一、瑶海区（2处）,,,,,
1,安徽拖拉机厂*,和平路与郎溪路交口,1960,工业遗址公园,
2,合肥江淮化工厂,,1958年5月,,已列入征收计划
二、庐阳区（2处）,,,,,
1,合肥无线电二厂,阜阳路,1966.3,闲置,
3,安徽省图书馆老印刷车间,芜湖路,1954,办公,
三、包河区（1处）,,,,,
1,合肥叉车厂老厂区 **,望江东路15号,1958,,
四、巢湖市（2处）,,,,,
1,巢湖水泥厂,半汤街道,五十年代末,,
2,巢湖铸造厂,城北,1968—,仍在生产,
总计,7,,,,
注：带*的为省级推荐项目；带**的与区政府协商中。,,,,,
""", "gbk")


# ── 06 text with tabs, UTF-16, levels ticked ────────────────────────────────────────────────────
def ticks_utf16():
    path = case("06-ticks-utf16.txt", "heritage", [
        {"name": "泾县宣纸厂", "division": "341823", "level": "国家", "contact": "0563-5600000", "owner": "中国宣纸股份有限公司"},
        {"name": "绩溪茶厂", "division": "341824", "level": "市", "contact": "0563-8150000"},
        {"name": "广德603基地", "division": "341882", "level": "国家"},
        {"name": "宁国水泥厂", "division": "341881", "level": "省", "owner": "安徽海螺水泥股份有限公司宁国水泥厂", "contact": "0563-4180000"},
        {"name": "旌德县农机厂", "division": "341825", "level": "线索"},
    ])
    write(path, "宣城市工业遗产基本情况统计表\t\t\t\t\t\t\t\t\n"
          "序号\t县市区\t项目名称\t国家级\t省级\t市级\t未认定\t权属单位\t联系方式\n"
          "1\t泾县\t泾县宣纸厂\t√\t\t\t\t中国宣纸股份有限公司\t办公室 0563-5600000\n"
          "2\t绩溪县\t绩溪茶厂\t\t\t√\t\t\t0563－8150000\n"
          "3\t广德市\t广德603基地\t☑\t□\t□\t□\t\t\n"
          "4\t宁国市\t宁国水泥厂\t\t✔\t\t\t安徽海螺水泥股份有限公司宁国水泥厂\t0563-4180000（值班）\n"
          "5\t旌德县\t旌德县农机厂\t\t\t\t√\t\t\n", "utf-16")


# ── 07 museums, a sheet a city, the directory of museums' columns ───────────────────────────────
def museum_directory():
    path = case("07-museum-directory.xlsx", "museum", [
        {"name": "马鞍山市钢铁文化馆", "division": "340504", "opened": [2011, None], "address": "湖南西路8号", "says": ["国有"]},
        {"name": "当涂县姑孰酒文化博物馆", "division": "340521", "opened": [2016, None], "says": ["非国有"]},
        {"name": "芜湖铁画博物馆", "division": "340202", "opened": [2009, None], "says": ["非国有"], "contact": "0553-3850000"},
        {"name": "繁昌窑遗址博物馆", "division": "340212", "opened": [2020, None], "says": ["国有", "三级"]},
        {"name": "奇瑞汽车历史馆", "division": "340207", "says": ["行业"]},
    ])
    head = ["序号", "博物馆名称", "所在县区", "博物馆性质", "质量等级", "题材类型", "是否免费开放", "备案时间", "开馆时间", "地  址", "联系电话", "藏品总数\n（件/套）"]
    book = openpyxl.Workbook()
    book.active.title = "马鞍山市"
    grid(book.active, [["安徽省行业博物馆名录（2023年度）"], head,
                       [1, "马鞍山市钢铁文化馆", "雨山区", "国有（行业）", "无级别", "工业", "是", "2012-5-18", "2011年10月", "湖南西路8号", "0555-2880000", "1200余件"],
                       [2, "当涂县姑孰酒文化博物馆", "当涂县", "非国有", "未定级", "酒文化", "否", "2017年", "2016", "姑孰镇", None, 350]])
    book.active.merge_cells("A1:L1")
    second = book.create_sheet("芜湖市")
    grid(second, [["安徽省行业博物馆名录（2023年度）"], head,
                  [1, "芜湖铁画博物馆", "镜湖区", "非国有", "未定级", "工艺", "是", None, "2009.9.28", "鸠兹古镇内", "0553－3850000", 580],
                  [2, "繁昌窑遗址博物馆", "繁昌区", "文物系统国有", "三级", "遗址", "是", "2021", "2020年底", "繁阳镇", None, "4,312"],
                  [3, "奇瑞汽车历史馆", "鸠江区", "其他行业国有", "无", "汽车", "预约", None, None, "长春路8号", None, None]])
    second.merge_cells("A1:L1")
    book.create_sheet("Sheet3")
    book.save(path)


# ── 08 a page of museums: hours in prose, prices, telephones in contact cells ───────────────────
def museum_page():
    path = case("08-museum-hours.html", "museum", [
        {"name": "淮南煤矿博物馆", "division": "340403", "hours": [["2,3,4,5,6,7", "09:00", "17:00"]], "phone": "0554-6640000"},
        {"name": "寿县豆腐文化馆", "division": "340422", "hours": [["1,2,3,4,5,6,7", "08:30", "17:30"]]},
        {"name": "八公山瓷窑陈列馆", "division": "340405", "hours": [["6,7", "09:00", "11:30"], ["6,7", "14:00", "16:30"]]},
        {"name": "大通矿工记忆馆", "division": "340402", "says": ["预约"], "phone": "0554-2510000"},
        {"name": "潘集电厂展示厅", "division": "340406", "hours": [["1,2,3,4,5", "08:00", "11:30"], ["1,2,3,4,5", "14:30", "17:00"]], "says": ["团体"]},
    ])
    rows = [("淮南煤矿博物馆", "田家庵区洞山中路", "周二至周日9:00-17:00（16:30停止入馆），周一闭馆（法定节假日除外）", "免费", "咨询电话：0554-6640000"),
            ("寿县豆腐文化馆", "寿县八公山乡大泉村", "每天上午8:30—下午5:30", "成人票30元/人，学生半价", "王女士 138****0000"),
            ("八公山瓷窑陈列馆", "八公山区", "每周六、周日 9：00—11：30，14：00—16：30", "免费（需预约）", ""),
            ("大通矿工记忆馆", "大通区大通街道", "预约开放", "—", "预约电话：0554－2510000"),
            ("潘集电厂展示厅", "潘集区平圩镇", "工作日8:00-11:30，14:30-17:00，仅接待团体", "20元", "/")]
    body = "".join("<TR>" + "".join(f"<TD><FONT face=宋体>{c}</FONT></TD>" for c in row) + "</TR>\n" for row in rows)
    write(path, f"""<HTML><HEAD><META http-equiv=Content-Type content="text/html; charset=gb2312"><TITLE>淮南市工业类博物馆（展示馆）开放信息</TITLE></HEAD>
<BODY><CENTER>淮南市工业类博物馆（展示馆）开放信息一览</CENTER>
<TABLE border=1><TR><TH>场馆名称<TH>地址<TH>开放时间<TH>门票<TH>咨询及预约方式</TR>
{body}</TABLE><P>温馨提示：开放时间如有变动，以场馆公告为准。</P></BODY></HTML>""", "gbk")


# ── 09 crafts by class, the class as a row across the table ─────────────────────────────────────
def craft_docx():
    path = case("09-traditional-crafts.docx", "craft", [
        {"name": "宣纸制作技艺", "division": "341823", "ich_number": "Ⅷ-65", "says": ["中国宣纸"]},
        {"name": "徽墨制作技艺", "division": "341021", "ich_number": "Ⅷ-73"},
        {"name": "宣笔制作技艺", "division": "341823", "ich_number": "Ⅷ-200"},
        {"name": "芜湖铁画锻制技艺", "division": "340200", "ich_number": "Ⅷ-37"},
        {"name": "阜阳剪纸", "division": "341200", "ich_number": ["VII-16"]},
        {"name": "黄岗柳编", "division": "341225", "ich_number": "Ⅶ-51"},
    ])
    d = docx.Document()
    d.add_heading("安徽省传统工艺振兴目录（第一批）", 0)
    d.add_paragraph("一、纺染织绣类从略。")
    rows = [["项目序号", "编号", "项目名称", "申报地区", "保护单位"],
            ["文房制作类", None, None, None, None],
            ["1", "Ⅷ—65", "宣纸制作技艺", "泾县", "中国宣纸股份有限公司"],
            ["2", "Ⅷ-73", "徽墨制作技艺", "黄山市歙县", "歙县老胡开文墨业有限公司"],
            ["3", "Ⅷ－200", "宣笔制作技艺", "宣城市泾县", "/"],
            ["金属加工类", None, None, None, None],
            ["4", "Ⅷ-37", "芜湖铁画锻制技艺", "芜湖市", "芜湖市非遗保护中心"],
            ["剪纸刻绘、编织扎制类", None, None, None, None],
            ["5", "VII-16", "阜阳剪纸", "阜阳市", ""],
            ["6", "Ⅶ-51", "黄岗柳编", "阜南县", "安徽华宇工艺品集团有限公司"]]
    docx_table(d, rows, [(1, 0, 1, 4), (5, 0, 5, 4), (7, 0, 7, 4)])
    d.save(path)


# ── 10 crafts and their bearers, a bearer a row, half-empty continuation rows ───────────────────
def craft_bearers():
    path = case("10-craft-bearers.csv", "craft", [
        {"name": "徽州三雕", "division": "341000", "ich_level": "国家", "masters": ["王金生", "方新中"]},
        {"name": "歙砚制作技艺", "division": "341021", "ich_level": "国家", "masters": ["曹阶铭", "郑寒"]},
        {"name": "万安罗盘制作技艺", "division": "341022", "ich_level": "国家", "masters": ["吴水森"]},
        {"name": "祁门红茶制作技艺", "division": "341024", "ich_level": "国家", "masters": ["王昶", "陆国富", "谢永中"]},
        {"name": "徽州竹编", "division": "341004", "ich_level": "省", "masters": ["程水生"]},
    ])
    write(path, "\ufeff黄山市传统工艺类非物质文化遗产代表性项目及传承人名册,,,,\n"
          "序号,项目名称,级别,属地,代表性传承人\n"
          "1,徽州三雕,国家级,黄山市,王金生\n,,,,方新中\n"
          "2,歙砚制作技艺,国家级,歙县,\"曹阶铭（男，1954年生）、郑寒（男）\"\n"
          "3,万安罗盘制作技艺,国家级,休宁县,吴水森\n"
          "4,祁门红茶制作技艺,国家级,祁门县,王昶\n,,,,陆国富\n,,,,谢永中\n"
          "5,徽州竹编,省级,徽州区,程水生\n")


# ── 11 two tables on one sheet, titles between ──────────────────────────────────────────────────
def two_tables():
    path = case("11-two-tables.xlsx", "tour_site", [
        {"name": "古井酒文化博览园", "division": "341602", "says": ["国家工业旅游示范基地"], "address": "古井镇"},
        {"name": "铜官山1978文创园", "division": "340705", "says": ["国家工业旅游示范基地"]},
        {"name": "迎驾生态产业园", "division": "341525", "visit": 120},
        {"name": "蒙牛乳业（马鞍山）工厂参观线", "division": "340504", "visit": 90},
        {"name": "谢裕大茶文化博览园", "division": "341004", "visit": 150},
        {"name": "口子酒文化博览园", "division": "340621", "visit": 60},
    ], others=0)
    book = openpyxl.Workbook()
    grid(book.active, [
        ["安徽省工业旅游示范基地名单"], [],
        ["一、国家工业旅游示范基地"],
        ["序号", "基地名称", "所在地", "认定年份"],
        [1, "古井酒文化博览园", "亳州市谯城区古井镇", 2022],
        [2, "铜官山1978文创园", "铜陵市铜官区", 2022],
        [],
        ["二、省级工业旅游示范基地"],
        ["序号", "设区市", "基地名称", "申报单位", "建议游览时长", "所在县（市、区）"],
        [1, "六安市", "迎驾生态产业园", "安徽迎驾集团", "2小时", "霍山县"],
        [2, "马鞍山市", "蒙牛乳业（马鞍山）工厂参观线", "蒙牛乳业（马鞍山）有限公司", "1.5小时", "雨山区"],
        [3, "黄山市", "谢裕大茶文化博览园", "谢裕大茶叶股份有限公司", "两个半小时", "徽州区"],
        [4, "淮北市", "口子酒文化博览园", "安徽口子酒业股份有限公司", "60分钟", "濉溪县"]])
    book.active.merge_cells("A1:F1")
    book.active.merge_cells("A3:D3")
    book.active.merge_cells("A8:F8")
    book.save(path)


# ── 12 study bases, header of two rows with colspan, contact cells ──────────────────────────────
def study_bases():
    path = case("12-study-bases.html", "tour_site", [
        {"name": "凤阳玻璃工业研学基地", "division": "341126", "contact": "0550-6720000", "address": "门台镇"},
        {"name": "琅琊山铜矿研学基地", "division": "341102", "contact": "0550-3510000"},
        {"name": "天长仪表产业研学营地", "division": "341181", "address": "铜城镇"},
        {"name": "明光酒业研学实践教育基地", "division": "341182", "contact": "0550-8020000"},
    ])
    write(path, """<html><head><meta charset="utf-8"/><title>滁州市中小学生研学实践教育基地（工业类）名单公示</title></head><body>
<h2>滁州市中小学生研学实践教育基地（工业类）拟认定名单</h2>
<div><table><tr><td>
<table border="1">
<tr><th rowspan="2">序号</th><th rowspan="2">基地（营地）名称</th><th colspan="3">位置</th><th rowspan="2">主要课程</th><th colspan="2">联系</th></tr>
<tr><th>县（市、区）</th><th>所在乡镇</th><th>详细地址</th><th>联系人</th><th>电话</th></tr>
<tr><td>1</td><td>凤阳玻璃工业研学基地</td><td>凤阳县</td><td>门台镇</td><td>淮河大道1号</td><td>石英砂的旅行；玻璃吹制</td><td>张主任</td><td>0550-6720000</td></tr>
<tr><td>2</td><td>琅琊山铜矿研学基地</td><td>琅琊区</td><td>西涧街道</td><td></td><td>地下深处的铜</td><td rowspan="2">李科长</td><td rowspan="1">0550-3510000</td></tr>
<tr><td>3</td><td>天长仪表产业研学营地</td><td>天长市</td><td>铜城镇</td><td></td><td>一支温度计的诞生<br>电缆小课堂</td><td>139****1234</td></tr>
<tr><td>4</td><td>明光酒业研学实践教育基地</td><td>明光市</td><td>明光街道</td><td>池河大道</td><td>&nbsp;</td><td>刘女士</td><td>0550&#8211;8020000</td></tr>
</table></td></tr></table></div>
<p>公示期：2024年3月1日至3月7日</p></body></html>""")


# ── 13 one record a page: the form of the application, label and value side by side ─────────────
def forms_docx():
    path = case("13-forms.docx", "heritage", [
        {"name": "蚌埠卷烟厂老厂区", "division": "340303", "built": [1939, None], "owner": "安徽中烟工业有限责任公司蚌埠卷烟厂", "address": "长青南路", "says": ["雪茄"]},
        {"name": "宝兴面粉厂旧址", "division": "340303", "built": [1917, None], "closed": [2002, None], "owner": "蚌埠市蚌山区人民政府", "use": "图书馆"},
        {"name": "蚌埠肉联厂冷库", "division": "340302", "built": [1952, None], "closed": [1999, None], "condition": "一般"},
    ])
    d = docx.Document()
    for i, (name, county, address, built, closed, owner, use, condition, story) in enumerate([
            ("蚌埠卷烟厂老厂区", "蚌山区", "长青南路", "1939年", "", "安徽中烟工业有限责任公司蚌埠卷烟厂", "生产", "较好", "前身为1939年设立的雪茄作坊，后并为国营烟厂。"),
            ("宝兴面粉厂旧址", "蚌山区", "中山街", "民国六年", "2002年", "蚌埠市蚌山区人民政府", "区图书馆", "好", "皖北最早的机器面粉厂。"),
            ("蚌埠肉联厂冷库", "龙子湖区", "解放路", "1952.8", "1999", "蚌埠市国资委", "闲置", "一般", "苏联援建的冷库之一。")]):
        if i:
            d.add_page_break()
        d.add_heading("蚌埠市工业遗产调查登记表", 1)
        docx_table(d, [["遗产名称", name, "所在县区", county],
                       ["详细地址", address, None, None],
                       ["始建年代", built, "停产年份", closed],
                       ["产权单位", owner, "保存状况", condition],
                       ["利用现状", use, "填表人", "赵六"],
                       ["历史沿革", story, None, None]], [(1, 1, 1, 3), (5, 1, 5, 3)])
    d.save(path)


# ── 14 a form a sheet ───────────────────────────────────────────────────────────────────────────
def forms_xlsx():
    path = case("14-forms.xlsx", "museum", [
        {"name": "砀山酥梨罐头工业展示馆", "division": "341321", "opened": [2018, None], "area": 1500, "contact": "0557-8020000", "hours": [["2,3,4,5,6,7", "09:00", "16:30"]]},
        {"name": "灵璧石工艺馆", "division": "341323", "opened": [2006, None], "area": 860, "contact": "0557-6020000"},
    ])
    book = openpyxl.Workbook()
    for i, (name, county, opened, area, phone, hours) in enumerate([
            ("砀山酥梨罐头工业展示馆", "砀山县", "2018年6月", "1500平方米", "0557-8020000", "周二至周日 9:00-16:30"),
            ("灵璧石工艺馆", "灵璧县", 2006, 860, "0557-6020000", None)]):
        sheet = book.active if i == 0 else book.create_sheet()
        sheet.title = f"表{i + 1}"
        grid(sheet, [["工业博物馆信息采集表"], ["馆名", name, None, None], ["所在市", "宿州市", "所在县区", county], ["开馆时间", opened, "建筑面积（㎡）", area],
                     ["联系电话", phone, "主管部门", "宿州市文化和旅游局"], ["开放时间", hours]])
        sheet.merge_cells("A1:D1")
        sheet.merge_cells("B2:D2")
        sheet.merge_cells("B6:D6")
    book.save(path)


# ── 15 GeoJSON with pinyin names ────────────────────────────────────────────────────────────────
def pinyin_geojson():
    path = case("15-pinyin.geojson", "heritage", [
        {"name": "安庆石油化工总厂老区", "division": "340811", "lon": 117.0501, "lat": 30.5402, "built": [1974, None], "address": "石化一路"},
        {"name": "安庆电灯厂旧址", "division": "340802", "lon": 117.0420, "lat": 30.5091, "built": [1907, None], "condition": "一般"},
        {"name": "桐城市造纸厂", "division": "340881", "lon": 116.9550, "lat": 31.0530, "built_in": 1969, "owner": "桐城市国资办"},
    ])
    fields = ["OBJECTID", "mingcheng", "dizhi", "shi", "quxian", "shijianniandai", "baocunzhuangkuang", "quanshudanwei", "beizhu"]
    rows = [((117.0501, 30.5402), [1, "安庆石油化工总厂老区", "石化一路", "安庆市", "宜秀区", "1974年", "较好", "中国石化安庆分公司", ""]),
            ((117.0420, 30.5091), [2, "安庆电灯厂旧址", "孝肃路", "安庆市", "迎江区", "清光绪三十三年", "一般", None, "国保单位建控地带内"]),
            ((116.9550, 31.0530), [3, "桐城市造纸厂", "龙眠街道", "安庆市", "桐城市", "二十世纪六十年代末", None, "桐城市国资办", None])]
    path.write_text(json.dumps({"type": "FeatureCollection", "name": "gyyc", "features": [
        {"type": "Feature", "properties": dict(zip(fields, r[1])), "geometry": {"type": "Point", "coordinates": r[0]}} for r in rows]}, ensure_ascii=False), encoding="utf-8")


# ── 16 a shapefile in GBK, its field names initials ─────────────────────────────────────────────
def initials_shp():
    path = case("16-initials.shp.zip", "heritage", [
        {"name": "泗县水利机械厂", "division": "341324", "lon": 117.8801, "lat": 33.4793, "built": [1958, None], "owner": "泗县国投"},
        {"name": "萧县酒厂", "division": "341322", "lon": 116.9405, "lat": 34.1850, "built": [1949, None]},
        {"name": "埇桥老火车站机务段", "division": "341302", "lon": 116.9780, "lat": 33.6360, "built": [1912, None], "condition": "较差"},
    ])
    fields = ["XMMC", "SZS", "SZX", "DZ", "JSND", "ZYDJ", "QSDW", "BCZK", "BZ"]
    rows = [((117.8801, 33.4793), ["泗县水利机械厂", "宿州市", "泗县", "泗城镇", "1958", "未定级", "泗县国投", "一般", ""]),
            ((116.9405, 34.1850), ["萧县酒厂", "宿州市", "萧县", "龙城镇", "1949年10月", "", "", "较好", ""]),
            ((116.9780, 33.6360), ["埇桥老火车站机务段", "宿州市", "埇桥区", "", "1912", "", "", "较差", "津浦铁路附属"])]
    shapes(path, fields, rows, "ESRI Shapefile", "-lco", "ENCODING=GBK", "-t_srs", "EPSG:4490")


# ── 17 KML as people draw it: what is known stands in the description ───────────────────────────
def balloons_kml():
    path = case("17-balloons.kml", "museum", [
        {"name": "六安瓜片茶文化馆", "division": "341503", "lon": 116.4894, "lat": 31.7527, "address": "六安市裕安区独山镇"},
        {"name": "舒城兰花茶展示馆", "lon": 116.9390, "lat": 31.4650},
        {"name": "金寨三线工业陈列馆", "division": "341524", "lon": 115.8734, "lat": 31.6838, "opened": [2015, None]},
    ])
    rows = [("六安瓜片茶文化馆", 116.4894, 31.7527, "地址：六安市裕安区独山镇<br>开放时间：周二至周日9:00-17:00<br>门票：免费"),
            ("舒城兰花茶展示馆", 116.9390, 31.4650, ""),
            ("金寨三线工业陈列馆", 115.8734, 31.6838, "<table border=1><tr><td>所在县</td><td>金寨县</td></tr><tr><td>开馆时间</td><td>2015年</td></tr></table>")]
    marks = "".join(f"<Placemark><name>{n}</name><description><![CDATA[{d}]]></description><styleUrl>#m</styleUrl><Point><coordinates>{x},{y},0</coordinates></Point></Placemark>\n" for n, x, y, d in rows)
    path.write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>我的收藏</name><Style id="m"/><Folder><name>六安</name>\n{marks}</Folder></Document></kml>', encoding="utf-8")


# ── 18 organisations in ODS ─────────────────────────────────────────────────────────────────────
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit(first):
    return first + SIGNS[(31 - sum(SIGNS.index(c) * w for c, w in zip(first, WEIGHTS)) % 31) % 31]


def organisations_ods():
    codes = [credit("91340100711000001"), credit("12340000485000002"), credit("51340200MJA000003")]
    path = case("18-organisations.ods", "organisation", [
        {"name": "安徽江淮动力机械集团有限公司", "division": "340111", "says": [codes[0]], "cells": {"公开电话": ["0551-62290000"]}},
        {"name": "安徽省工业和信息化研究院", "division": "340104", "says": [codes[1]]},
        {"name": "芜湖市铁画研究会", "division": "340202", "says": [codes[2]]},
    ])
    rows = [["工业文化领域重点单位名录"], ["序号", "单位名称", "统一社会信用代码", "单位性质", "地区", "通讯地址", "办公电话", "网站"],
            ["1", "安徽江淮动力机械集团有限公司", codes[0], "国有企业", "合肥市包河区", "东流路176号", "0551-62290000", "www.example.com.cn"],
            ["2", "安徽省工业和信息化研究院", codes[1][:6] + " " + codes[1][6:], "事业单位", "合肥市蜀山区", "", "", ""],
            ["3", "芜湖市铁画研究会", codes[2].lower(), "社会团体", "芜湖市镜湖区", "", "", "https://example.org/tiehua"]]
    d = opendocument.OpenDocumentSpreadsheet()
    t = odf_table.Table(name="名录")
    for row in rows:
        tr = odf_table.TableRow()
        for value in row:
            cell = odf_table.TableCell(valuetype="string")
            cell.addElement(odf_text.P(text=value))
            tr.addElement(cell)
        t.addElement(tr)
    d.spreadsheet.addElement(t)
    d.save(str(path))


# ── 19 core items under their place, the place merged down the left ─────────────────────────────
def core_items():
    before = HERE / "19-before.csv"
    write(before, "名称,所在县区\n合肥钢铁厂,瑶海区\n安庆胡玉美酱园,大观区\n")
    path = case("19-core-items.xlsx", "core_item", [
        {"name": "一号高炉", "built": [1958, None]}, {"name": "铁路专用线", "says": ["约2公里"]},
        {"name": "《合钢战讯》"}, {"name": "晒酱场", "says": ["仍在使用"]}, {"name": "制酱陶缸", "says": ["3000"]}],
        before=[["heritage", "19-before.csv"]])
    book = openpyxl.Workbook()
    grid(book.active, [["工业遗产核心物项清单"], ["序号", "所属工业遗产", "物项名称", "物项类别", "数量", "形成年代", "现状及用途"],
                       [1, "合肥钢铁厂", "一号高炉", "构筑物", "1座", "1958年", "停产，原址保护"], [2, None, "铁路专用线", "交通设施", "约2公里", "20世纪60年代", "停用"],
                       [3, None, "《合钢战讯》", "档案资料", "一套", None, "档案馆保存"],
                       [4, "安庆胡玉美酱园", "晒酱场", "场地", 1, "清末民初", "仍在使用"], [5, None, "制酱陶缸", "生产工具", "3000余口", "历年", "部分仍在使用"]])
    for where in ("A1:G1", "B3:B5", "B6:B7"):
        book.active.merge_cells(where)
    book.save(path)


# ── 20 English columns, one cell with both coordinates ──────────────────────────────────────────
def english_csv():
    path = case("20-english.csv", "heritage", [
        {"name": "界首酒厂", "name_en": "Jieshou Distillery", "division": "341282", "lon": 115.3560, "lat": 33.2630, "built": [1951, None], "condition": "一般"},
        {"name": "颍上县造船厂", "name_en": "Yingshang Shipyard", "division": "341226", "lon": 116.2590, "lat": 32.6390, "built_in": 1955},
        {"name": "临泉化肥厂", "name_en": "Linquan Fertilizer Plant", "division": "341221", "lon": 115.2560, "lat": 33.0640, "built": [1970, None], "closed": [2015, None]},
    ])
    write(path, """Fuyang Industrial Heritage Inventory;;;;;;;
No.;Site name (Chinese);Site name (English);City;County/District;Location (lat, lon);Year built;Closed;Condition;Remarks
1;界首酒厂;Jieshou Distillery;Fuyang;Jieshou City;"33.2630, 115.3560";1951;;fair;
2;颍上县造船厂;Yingshang Shipyard;Fuyang;Yingshang County;"32.6390,116.2590";1950s;;good;see map
3;临泉化肥厂;Linquan Fertilizer Plant;Fuyang;Linquan;"33.0640 N, 115.2560 E";1970;2015;poor;
""")


# ── h1 a city's second list: county by rowspan, notes under the table, names with brackets ──────
def city_second():
    path = case("h1-city-second.html", "heritage", [
        {"name": "芜湖造船厂老船台", "division": "340202", "level": "市", "batch": 2, "built": [1900, None], "owner": "芜湖造船厂有限公司"},
        {"name": "芜湖海关旧址", "division": "340202", "level": "市", "batch": 2, "built": [1919, None]},
        {"name": ["四褐山电厂", "四褐山电厂（原芜湖发电厂）"], "division": "340207", "level": "市", "batch": 2, "built_in": 1957, "says": ["芜湖发电厂"]},
        {"name": "荻港水泥厂", "division": "340212", "level": "市", "batch": 2, "built": [1958, 1962]},
        {"name": ["东南窑址、西北窑址", "东南窑址"], "division": "340223", "level": "市", "batch": 2},
        {"name": "襄安供销社旧址", "division": "340281", "level": "市", "batch": 2, "built": [1951, None], "owner": "无为市供销合作社"},
    ], others=1)
    write(path, """<html><head><meta charset="utf-8"><title>芜湖市人民政府关于公布第二批市级工业遗产的通知</title></head><body>
<ul><li>索引号：003000000/202312-00001</li><li>发文日期：2023-12-05</li></ul>
<p align="center">第二批芜湖市工业遗产名单</p>
<table class="MsoTable" border=1><colgroup><col><col></colgroup>
<tr><td><b>县市区</b></td><td><b>序号</b></td><td><b>遗产名称</b></td><td><b>年　代</b></td><td><b>产权（使用）单位</b></td></tr>
<tr><td rowspan="2">镜湖区</td><td>1</td><td>芜湖造船厂老船台<sup>①</sup></td><td>1900年</td><td>芜湖造船厂有限公司</td></tr>
<tr><td>2</td><td>芜湖海关旧址</td><td>民国八年（1919）</td><td>&nbsp;</td></tr>
<tr><td>鸠江区</td><td>3</td><td>四褐山电厂<br>（原芜湖发电厂）</td><td>1950年代</td><td>国能神皖芜湖发电有限公司</td></tr>
<tr><td>繁昌区</td><td>4</td><td>荻港水泥厂</td><td>1958-1962年</td><td>-</td></tr>
<tr><td>南陵县</td><td>5</td><td>东南窑址、西北窑址</td><td>唐宋时期</td><td>南陵县文物局</td></tr>
<tr><td>无为市</td><td>6</td><td>襄安供销社旧址</td><td>1951年</td><td>无为市供销合作社</td></tr>
<tr><td colspan="5">注：①老船台包括附属起重设备。</td></tr>
</table></body></html>""")


# ── h2 fields down the left, records across ─────────────────────────────────────────────────────
def transposed():
    path = case("h2-transposed.xlsx", "heritage", [
        {"name": "滁州搪瓷厂", "division": "341103", "built": [1970, None], "closed": [2004, None], "owner": "滁州市城投公司", "condition": "较差"},
        {"name": "凤阳石英砂矿", "division": "341126", "built": [1966, None], "owner": "凤阳县自然资源局", "condition": "一般"},
        {"name": "全椒柴油机厂", "division": "341124", "built": [1949, None], "owner": "安徽全柴集团有限公司", "condition": "较好"},
    ])
    book = openpyxl.Workbook()
    grid(book.active, [["滁州市工业遗产调查情况对照表"],
                       ["项目", "遗产一", "遗产二", "遗产三"],
                       ["名称", "滁州搪瓷厂", "凤阳石英砂矿", "全椒柴油机厂"],
                       ["所在县（市、区）", "南谯区", "凤阳县", "全椒县"],
                       ["始建时间", "1970年", "1966", "1949年"],
                       ["停产时间", "2004年", None, "（在产）"],
                       ["权属单位", "滁州市城投公司", "凤阳县自然资源局", "安徽全柴集团有限公司"],
                       ["保存状况", "较差", "一般", "较好"],
                       ["历史价值", "本市首家轻工企业", None, "小缸径柴油机的摇篮"]])
    book.active.merge_cells("A1:D1")
    book.save(path)


# ── h3 museums of a city, GBK, semicolons in cells, mixed contact ───────────────────────────────
def museums_gbk():
    path = case("h3-museums-gbk.csv", "museum", [
        {"name": "胡玉美酱园博物馆", "division": "340803", "opened": [2013, None], "hours": [["1,2,3,4,5,6,7", "09:00", "17:00"]], "phone": "0556-5550000", "area": 2600},
        {"name": "安庆黄梅戏服装工艺馆", "division": "340802", "opened": [2019, None], "hours": [["2,3,4,5,6,7", "09:00", "16:00"]]},
        {"name": "岳西翠兰茶博物馆", "division": "340828", "area": 1200, "phone": "0556-2170000"},
        {"name": "潜山雪湖贡藕加工展示中心", "division": "340882", "opened": [2021, None]},
        {"name": "怀宁顶雪贡糕馆", "division": "340822", "opened": [2010, None], "area": 450},
    ], others=1)
    write(path, """附件2：,,,,,,,,
安庆市工业博物馆（含展示馆、陈列馆）信息表,,,,,,,,
制表：安庆市文化和旅游局,,,,,,,时间：2023.6,
编号,馆名,隶属单位,类型,馆址,建成开放时间,建筑面积（平方米）,每周开放时间,对外联系电话
1,胡玉美酱园博物馆,安徽胡玉美酿造食品有限责任公司,企业,大观区四照园,2013.05,"2,600",全年开放9:00-17:00,0556-5550000；张经理
2,安庆黄梅戏服装工艺馆,民办,民办非企业,迎江区人民路步行街,二〇一九年,,星期二至星期日 9：00-16：00 周一闭馆,
3,岳西翠兰茶博物馆,岳西县茶业局,行业,岳西县天堂镇,筹建中,1200㎡,,0556-2170000 传真同
4,潜山雪湖贡藕加工展示中心,,企业,潜山市梅城镇,2021年“十一”,,节假日开放,
5,怀宁顶雪贡糕馆,怀宁县月山镇人民政府,社区,怀宁县石牌镇,2010,450,预约开放,
合计,5家,,,,,,,
""", "gbk")


# ── h4 crafts as the state lists them: new and extended items, numbers once for several places ──
def crafts_state():
    path = case("h4-crafts-state.docx", "craft", [
        {"name": "界首彩陶烧制技艺", "division": "341282", "ich_number": "Ⅷ-5", "ich_level": "国家", "listed": [2006, 2006]},
        {"name": "绿茶制作技艺（黄山毛峰）", "division": "341004", "ich_number": "Ⅷ-148", "ich_level": "国家", "listed": [2008, 2008]},
        {"name": "绿茶制作技艺（太平猴魁）", "division": "341003", "ich_number": "Ⅷ-148", "ich_level": "国家", "listed": [2008, 2008]},
        {"name": "绿茶制作技艺（六安瓜片）", "division": "341503", "ich_number": "Ⅷ-148", "ich_level": "国家", "listed": [2008, 2008]},
        {"name": "豆腐传统制作技艺", "division": "340422", "ich_number": "Ⅷ-230", "ich_level": "国家", "listed": [2014, 2014]},
    ])
    d = docx.Document()
    d.add_paragraph("安徽省入选国家级非物质文化遗产代表性项目名录（传统技艺类）")
    docx_table(d, [["序号", "项目编号", "项目名称", "申报地区或单位", "公布时间", "类型"],
                   ["1", "Ⅷ-5", "界首彩陶烧制技艺", "安徽省界首市", "2006（第一批）", "新增项目"],
                   ["2", "Ⅷ-148", "绿茶制作技艺（黄山毛峰）", "安徽省黄山市徽州区", "2008（第二批）", "新增项目"],
                   [None, None, "绿茶制作技艺（太平猴魁）", "安徽省黄山市黄山区", "2008（第二批）", "新增项目"],
                   [None, None, "绿茶制作技艺（六安瓜片）", "安徽省六安市裕安区", "2008（第二批）", "新增项目"],
                   ["3", "Ⅷ-230", "豆腐传统制作技艺", "安徽省淮南市寿县", "2014（第四批）", "新增项目"]], [(2, 0, 4, 0), (2, 1, 4, 1)])
    d.save(path)


# ── h5 tour sites with ticks for their kind, coordinates and hours ──────────────────────────────
def tour_ticks():
    path = case("h5-tour-ticks.xlsx", "tour_site", [
        {"name": "马钢工业旅游区", "division": "340504", "lon": 118.4801, "lat": 31.7000, "hours": [["1,2,3,4,5", "09:00", "16:30"]], "kind": "工厂", "says": ["0555-2880001"]},
        {"name": "含山绿松石工艺体验馆", "division": "340522", "lon": 118.1005, "lat": 31.7290, "kind": "博物馆"},
        {"name": "和县霸王酥非遗工坊", "division": "340523", "lon": 118.3580, "lat": 31.7180, "hours": [["1,2,3,4,5,6,7", "08:00", "18:00"]], "kind": "工厂"},
        {"name": "采石矶老船坞", "division": "340504", "lon": 118.4550, "lat": 31.6480, "kind": "工业遗产"},
    ])
    book = openpyxl.Workbook()
    grid(book.active, [["马鞍山市工业旅游点位统计表（2024年）"],
                       ["序号", "点位名称", "所在区县", "类别（在对应栏打√）", None, None, "坐标（经度，纬度）", "开放时间", "门票（元）", "预约方式"],
                       [None, None, None, "工厂", "博物馆", "工业遗产", None, None, None, None],
                       [1, "马钢工业旅游区", "雨山区", "√", None, None, "118.4801，31.7000", "周一至周五9:00-16:30", "免费", "电话预约0555-2880001"],
                       [2, "含山绿松石工艺体验馆", "含山县", None, "√", None, "118.1005,31.7290", "预约开放", 20, "公众号"],
                       [3, "和县霸王酥非遗工坊", "和县", "√", None, None, "E118.3580 N31.7180", "全天8:00—18:00", 0, None],
                       [4, "采石矶老船坞", "雨山区", None, None, "√", "31.6480 118.4550", None, "随景区", None]])
    for where in ("A1:J1", "A2:A3", "B2:B3", "C2:C3", "D2:F2", "G2:G3", "H2:H3", "I2:I3", "J2:J3"):
        book.active.merge_cells(where)
    book.save(path)


# ── h6 a geopackage of a planning institute: Chinese and cut-off names, Gauss-Krüger metres ─────
def planning_gpkg():
    path = case("h6-planning.gpkg", "heritage", [
        {"name": "阜阳纺织厂", "division": "341203", "lon": 115.8540, "lat": 32.9110, "tolerance": 0.0002, "built": [1958, None], "level": "市", "condition": "较差"},
        {"name": "太和县医药机械厂", "division": "341222", "lon": 115.6220, "lat": 33.1640, "tolerance": 0.0002, "built": [1972, None], "condition": "一般"},
        {"name": "阜南县黄岗柳编厂", "division": "341225", "lon": 115.5850, "lat": 32.6400, "tolerance": 0.0002, "built_in": 1975, "owner": "安徽华宇工艺品集团有限公司"},
    ])
    fields = ["FID_1", "遗产名称", "行政区", "建造年代", "等级", "现状质量", "权属", "用地面积", "SHAPE_Leng", "SHAPE_Area"]
    rows = [((115.8540, 32.9110), [0, "阜阳纺织厂", "颍东区", "1958", "市级", "较差", "阜阳市建投", 12.5, 1200.5, 125000.0]),
            ((115.6220, 33.1640), [1, "太和县医药机械厂", "太和县", "1972", "", "一般", "", 3.2, 800.1, 32000.0]),
            ((115.5850, 32.6400), [2, "阜南县黄岗柳编厂", "阜南县", "七十年代", "", "", "安徽华宇工艺品集团有限公司", 1.1, 500.0, 11000.0])]
    path.unlink(missing_ok=True)
    shapes(path, fields, rows, "GPKG", "-t_srs", "EPSG:4547")


# ── t1 … t8: a third lot, written after the first two were right ────────────────────────────────
def third_lot():
    write(case("t1-wuhu-batches.csv", "heritage", [
        {"name": "芜湖老火车站", "division": "340202", "built": [1934, None], "level": "市", "batch": 1},
        {"name": "芜湖纺织厂旧址", "division": "340202", "built": [1916, None], "level": "市", "batch": 1},
        {"name": "弋江老粮库", "division": "340209", "built_in": 1955, "level": "市", "batch": 2},
        {"name": "湾沚水泥厂", "division": "340210", "built": [1971, None], "closed": [2011, None], "level": "市", "batch": 2},
    ]), """芜湖市市级工业遗产名录（第一批、第二批）,,,,
序号,工业遗产名称,所在地,建造年代,现状
第一批（2项）,,,,
1,芜湖老火车站,镜湖区吉和街,民国23年,闲置
2,芜湖纺织厂旧址,镜湖区中江桥,始建于1916年,已改为文创园
第二批（2项）,,,,
3,弋江老粮库,弋江区马塘街道,建国初期（约1955年）,仓储
4,湾沚水泥厂,湾沚区湾沚镇,1971年建成，2011年关停,停产闲置
""", "gbk")

    path = case("t2-city-merged.xlsx", "museum", [
        {"name": "中国徽墨博物馆", "division": "341021", "hours": [["1,2,3,4,5,6,7", "08:30", "17:00"]], "area": 3200, "says": ["15元"]},
        {"name": "歙砚博物馆", "division": "341021", "hours": [["2,3,4,5,6,7", "09:00", "16:30"]], "area": 1500},
        {"name": "太平猴魁茶文化馆", "division": "341003", "opened": [2012, None], "area": 980},
        {"name": "祁门红茶博物馆", "division": "341024", "opened": [2014, None], "says": ["祥源"]},
    ], others=1)
    book = openpyxl.Workbook()
    grid(book.active, [["黄山市博物馆（工业、工艺类）一览表"], [], ["区县", "馆名", "开馆时间", "面积(m²)", "门票", "所属单位"],
                       ["歙县", "中国徽墨博物馆", "8:30—17:00（全年无休）", "3200", "15元/人次", "老胡开文"], [None, "歙砚博物馆", "周二—周日 9:00-16:30", "约1500", "免费", None],
                       ["黄山区", "太平猴魁茶文化馆", "9:00-17:00", 980, None, "猴坑茶业"], ["祁门县", "祁门红茶博物馆", "9:00-17:00", None, "免费不免票", "祥源茶业"],
                       ["小计", 4, None, None, None, None]])
    book.active.cell(3, 7, "建成年份")
    book.active.cell(6, 7, 2012)
    book.active.cell(7, 7, "2014.5")
    for where in ("A1:G1", "A4:A5"):
        book.active.merge_cells(where)
    book.save(path)

    path = case("t3-relic-register.docx", "heritage", [
        {"name": "水东老街铁木社", "division": "341802", "built_in": 1955, "condition": "一般", "lon": 118.95, "lat": 30.8, "tolerance": 0.05, "owner": "水东镇人民政府"},
        {"name": "郎溪县棉纺厂", "division": "341821", "built": [1969, None], "condition": "较差", "lon": 119.18, "lat": 31.13, "tolerance": 0.001},
        {"name": "广德县煤矿", "division": "341882", "built": [1958, None], "condition": "差", "lon": 119.42, "lat": 30.9, "tolerance": 0.001},
    ])
    d = docx.Document()
    d.add_heading("宣城市工业遗产资源登记表", 1)
    docx_table(d, [["名  称", "位  置", "地理坐标", "年  代", "所有权", "使用单位", "保存状况", "备注"],
                   ["水东老街铁木社", "宣州区水东镇", "E118°57′0″\nN30°48′0″", "1950年代", "水东镇人民政府", "水东镇", "一般", ""],
                   ["郎溪县棉纺厂", "郎溪县建平镇", "东经119.18° 北纬31.13°", "1969 年", "国有", "", "较差", "已列入棚改"],
                   ["广德县煤矿", "广德市桃州镇", "经度：119.42，纬度：30.90", "一九五八年", "集体", "/", "差", ""]])
    d.save(path)

    write(case("t4-tour-lines.html", "tour_site", [
        {"name": "古井贡酒文化旅游区", "division": "341602", "visit": 180, "phone": "0558-5710000", "hours": [["1,2,3,4,5,6,7", "08:30", "17:00"]]},
        {"name": "口子窖工业旅游区", "division": "340621", "visit": 120},
        {"name": "马钢智园", "division": "340504", "visit": 90, "phone": "400-000-0000"},
    ]), """<html><head><meta charset="utf-8"><title>工业旅游</title></head><body><h3>安徽省国家工业旅游示范基地</h3><table>
<tr><th>&nbsp;</th><th>单位名称</th><th>所在市、县（区）</th><th>开放时间</th><th>参观时间</th><th>咨询电话</th></tr>
<tr><td>1</td><td><a href="x">古井贡酒文化旅游区</a></td><td>亳州市谯城区</td><td>每日8:30&mdash;17:00</td><td>3小时</td><td>0558-5710000</td></tr>
<tr><td>2</td><td>口子窖工业旅游区</td><td>淮北市濉溪县</td><td>提前一天预约</td><td>约2小时</td><td></td></tr>
<tr><td>3</td><td>马钢智园</td><td>马鞍山市雨山区</td><td>周一至周五</td><td>90分钟</td><td>400-000-0000</td></tr></table></body></html>""")

    write(case("t5-crafts-level.csv", "craft", [
        {"name": "葛公豆腐制作技艺", "division": "341721", "ich_level": "市", "masters": ["江四"]},
        {"name": "石台油坊榨油技艺", "division": "341722", "ich_level": "省", "masters": ["程五", "程六"]},
        {"name": "青阳腔锣鼓制作技艺", "division": "341723", "ich_level": "市"},
    ]), "\ufeff池州市传统工艺名录（2024）;;;;;\n序号;工艺名称;级别;县区;代表性传承人;传承谱系\n1;葛公豆腐制作技艺;市级（第三批）;东至县;江四;三代\n"
          "2;石台油坊榨油技艺;省级;石台县;程五 程六;家族传承\n3;青阳腔锣鼓制作技艺;市级;青阳县;暂无;\n")

    shapes(case("t6-points.geojson", "heritage", [
        {"name": "阜南王家坝闸", "division": "341225", "built": [1953, None]},
        {"name": "界首陶瓷厂", "division": "341282", "built": [1951, None], "level": "市"},
    ]), ["YCMC", "SSQX", "SJND", "JB", "LXR_PHONE"], [((115.60, 32.43), ["阜南王家坝闸", "阜南县", "1953年", "", "13900000000"]), ((115.36, 33.26), ["界首陶瓷厂", "界首市", "1951", "市级", ""])], "GeoJSON")

    path = case("t7-two-per-page.xlsx", "heritage", [
        {"name": "蒙城县酿酒总厂", "division": "341622", "built": [1949, None], "owner": "蒙城县工业投资公司", "says": ["漆园"]},
        {"name": "利辛县轧花厂", "division": "341623", "built": [1965, None], "closed": [1998, None]},
    ])
    book = openpyxl.Workbook()
    sheet = book.active
    for at, rows in ((1, [["亳州市工业遗产普查登记卡（一）"], ["名称：", "蒙城县酿酒总厂", "所在县：", "蒙城县"], ["建厂时间：", "1949年", "停产时间：", "—"],
                          ["所有者：", "蒙城县工业投资公司", "联系人：", "张三"], ["简介：", "生产漆园牌白酒。"]]),
                     (9, [["亳州市工业遗产普查登记卡（二）"], ["名称：", "利辛县轧花厂", "所在县：", "利辛县"], ["建厂时间：", "1965", "停产时间：", "1998年"],
                          ["所有者：", None, "联系人：", None], ["简介：", None]])):
        grid(sheet, rows, at)
    book.save(path)

    write(case("t8-organisations.txt", "organisation", [
        {"name": "淮北矿业（集团）有限责任公司", "division": "340603", "says": ["煤炭"]},
        {"name": "安徽省工艺美术协会", "division": "340103"},
    ]), "重点工业文化单位\n单位名称|地区|性质|主营业务|负责人\n淮北矿业（集团）有限责任公司|淮北市相山区|国有控股|煤炭开采|王某\n安徽省工艺美术协会|合肥市庐阳区|社会组织||\n", "utf-8")


for make in (ministry_page, province_docx, county_survey, census_xls, city_sections_csv, ticks_utf16, museum_directory, museum_page, craft_docx, craft_bearers,
             two_tables, study_bases, forms_docx, forms_xlsx, pinyin_geojson, initials_shp, balloons_kml, organisations_ods, core_items, english_csv,
             city_second, transposed, museums_gbk, crafts_state, tour_ticks, planning_gpkg, third_lot):
    make()
(HERE / "expected.json").write_text(json.dumps(CASES, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
