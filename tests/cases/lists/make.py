#!/usr/bin/env python3
"""Makes the list files of this folder: published lists in the shapes they are really met in. The
files are kept beside this script; run it only to add or change one (Debian's python3-openpyxl).
Names are real places or made up; no list here is an official one."""
import io
import pathlib
import re
import zipfile
from xml.sax.saxutils import escape

HERE = pathlib.Path(__file__).resolve().parent


def text(name, content, encoding="utf-8", newline="\n"):
    (HERE / name).write_bytes(content.replace("\n", newline).encode(encoding))


# ---- XLSX -----------------------------------------------------------------------------------------
def xlsx(name, sheets):
    """sheets: [(title, rows, merges, extra(ws))]"""
    import datetime
    import openpyxl
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.properties.created = book.properties.modified = datetime.datetime(2026, 1, 1)
    for title, rows, merges, *more in sheets:
        ws = book.create_sheet(title)
        for row in rows:
            ws.append(row)
        for ref in merges:
            ws.merge_cells(ref)
        for change in more:
            change(ws)
    whole = io.BytesIO()
    book.save(whole)
    with zipfile.ZipFile(whole) as z: # the same bytes every time
        pack(name, {n: re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2026-01-01T00:00:00Z", z.read(n)) for n in z.namelist()})


# ---- DOCX -----------------------------------------------------------------------------------------
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def p(line):
    runs = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in line.split("\n"))
    return f"<w:p><w:r>{runs}</w:r></w:p>"


def cell(content):
    """text, or (text, {"span": n, "merge": "restart"|"on"})"""
    value, how = content if isinstance(content, tuple) else (content, {})
    props = ""
    if how.get("span"):
        props += f'<w:gridSpan w:val="{how["span"]}"/>'
    if how.get("merge") == "restart":
        props += '<w:vMerge w:val="restart"/>'
    elif how.get("merge"):
        props += "<w:vMerge/>"
    return f"<w:tc><w:tcPr>{props}</w:tcPr>{p(value)}</w:tc>"


def table(rows):
    return "<w:tbl>" + "".join("<w:tr>" + "".join(map(cell, row)) + "</w:tr>" for row in rows) + "</w:tbl>"


def docx(name, parts):
    body = "".join(table(part) if isinstance(part, list) else p(part) for part in parts)
    types = ('<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
             '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
             '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
             'wordprocessingml.document.main+xml"/></Types>')
    rels = ('<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
            'officeDocument" Target="word/document.xml"/></Relationships>')
    pack(name, {"[Content_Types].xml": types, "_rels/.rels": rels,
                "word/document.xml": f'<?xml version="1.0" encoding="UTF-8"?><w:document {W}><w:body>{body}</w:body></w:document>'})


def pack(name, parts):
    with zipfile.ZipFile(HERE / name, "w", zipfile.ZIP_DEFLATED) as z:
        for path, content in parts.items():
            z.writestr(zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)


# ---- ODS ------------------------------------------------------------------------------------------
def ods(name, sheets):
    """sheets: [(title, rows)]; a cell is a text, a number, None or (value, columns, rows) when merged."""
    out = []
    for title, rows in sheets:
        covered = set()
        lines = []
        for r, row in enumerate(rows):
            cells = []
            for c, value in enumerate(row):
                if (r, c) in covered:
                    cells.append("<table:covered-table-cell/>")
                    continue
                span = ""
                if isinstance(value, tuple):
                    value, columns, deep = value
                    span = f' table:number-columns-spanned="{columns}" table:number-rows-spanned="{deep}"'
                    covered |= {(r + i, c + k) for i in range(deep) for k in range(columns)} - {(r, c)}
                if value is None:
                    cells.append(f"<table:table-cell{span}/>")
                elif isinstance(value, (int, float)):
                    cells.append(f'<table:table-cell office:value-type="float" office:value="{value}"{span}><text:p>{value}</text:p></table:table-cell>')
                else:
                    lines_of = "".join(f"<text:p>{escape(v)}</text:p>" for v in value.split("\n"))
                    cells.append(f'<table:table-cell office:value-type="string"{span}>{lines_of}</table:table-cell>')
            lines.append("<table:table-row>" + "".join(cells) + '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>')
        lines.append('<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="16000"/></table:table-row>')
        out.append(f'<table:table table:name="{escape(title)}">' + "".join(lines) + "</table:table>")
    ns = ('xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:'
          'xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"')
    pack(name, {"mimetype": "application/vnd.oasis.opendocument.spreadsheet",
                "content.xml": f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {ns}><office:body><office:spreadsheet>'
                + "".join(out) + "</office:spreadsheet></office:body></office:document-content>"})


# ---- the lists ------------------------------------------------------------------------------------
def lists():
    text("01-title-totals-gbk.csv", """附件1,,,,,,
合肥市工业遗产调查名单,,,,,,
填报单位：合肥市经济和信息化局,,,,,2022年4月,
序号,项目名称,所在县（市、区）,始建年代,主要遗存,产权单位,备注
1,合肥钢铁厂,瑶海区,1958年,高炉；铁轨；办公楼,马钢（合肥）公司,
2,合肥柴油机厂,瑶海区,20世纪50年代,厂房、烟囱,,“合柴1972”文创园
3,安徽拖拉机厂,包河区,1953年,装配车间,,
4,庐江矾矿,庐江县,明末清初,矿洞；炼矾窑,安徽省庐江矾矿,已列入国家名单
小计,4,,,,,
合计：4处,,,,,,
注：1.始建年代以企业志为准。,,,,,,
2.主要遗存只列现存的。,,,,,,
""", "gb18030", "\r\n")

    def two_level(ws):
        ws["D5"].number_format = "0.00000"
    xlsx("02-two-level-merged.xlsx", [("汇总表", [
        ["安徽省工业遗产普查汇总表"] + [None] * 9,
        [None] * 8 + ["单位：平方米", None],
        ["序号", "地市", "名称", "地理坐标", None, "时间", None, "占地面积\n（亩）", "核心物项", "备注"],
        [None, None, None, "经度", "纬度", "始建", "停产", None, None, None],
        [1, "合肥市", "合肥钢铁厂", 117.30978, 31.86319, 1958, 2015, 1200, "高炉\n铁轨\n合钢报", None],
        [2, None, "合肥柴油机厂", 117.3321, 31.8702, "1952年", "2004年", 150.5, "厂房", "合柴1972"],
        [3, None, "江淮航空仪表厂", 117.28, 31.85, 1956, None, None, None, None],
        [4, "芜湖市", "益新面粉厂", 118.3702, 31.3401, "1890年", None, 30, "制粉大楼", None],
        [5, None, "明远电灯公司", 118.3655, 31.3388, "光绪三十二年", None, None, "发电机房", None],
        ["合计", None, None, None, None, None, None, 1380.5, None, None],
        ["填表人：张某", None, None, None, "审核人：李某", None, None, None, "填表日期：2022.3.15", None],
    ], ["A1:J1", "A3:A4", "B3:B4", "C3:C4", "D3:E3", "F3:G3", "H3:H4", "I3:I4", "J3:J4", "B5:B7", "B8:B9", "A10:C10"], two_level)])

    xlsx("03-sections.xlsx", [("名录", [
        ["铜陵、芜湖、宣城工业遗产名录", None, None, None],
        ["序号", "遗产名称", "建造年代", "现状"],
        ["一、铜陵市（2项）", None, None, None],
        [1, "铜官山铜矿老铁路", "1952年", "停用"],
        [2, "井边铜矿旧址", "20世纪60年代", "遗址"],
        ["二、芜湖市（1项）", None, None, None],
        [1, "芜湖造船厂老船坞", "1900年", "在用"],
        ["三、宣城市（2项）", None, None, None],
        ["（一）泾县", None, None, None],
        [1, "泾县宣纸厂", "1951年", "在产"],
        ["（二）绩溪县", None, None, None],
        [1, "胡开文墨厂", "清乾隆年间", "在产"],
        ["说明：排名不分先后", None, None, None],
    ], ["A1:D1", "A3:D3", "A6:D6", "A8:D8", "A9:D9", "A11:D11"])])

    text("04-blanks-and-dittos.csv", """地市,县区,名称,级别,年代
淮南市,大通区,大通煤矿,市级,1903年
,,九龙岗煤矿,同上,〃
,田家庵区,田家庵发电厂,〃,1941年
,,下窑,〃,1958年
淮北市,相山区,淮北选煤厂,市级,1960年
,烈山区,烈山煤矿,〃,清末
马鞍山市,雨山区,马钢九号高炉,省级,1958年9月
""")

    text("05-numbered-names.csv", """名称,所在地
1、凤阳石英砂厂,滁州市凤阳县
2、滁州仪表厂,滁州市琅琊区
3、明光酒厂窖池,明光市
４、天长仪表厂,天长市
5、１０１厂旧址,滁州市南谯区
""")
    text("06-ringed-names.csv", """名称;所在地;建成时间
①池州九华山铁矿;池州市贵池区;1958年
②贵池茶厂;池州市贵池区;1951年
③东至化肥厂;池州市东至县;1969年
""")

    text("07-coordinates.csv", """名称,所在地,坐标
泾县宣纸厂,宣城市泾县,"118°27′06″E，30°33′42″N"
宣城水阳船厂,宣城市宣州区,"东经118度45分30秒，北纬31度13分12秒"
广德煤矿,广德市,"30.8936,119.4175"
宁国水泥厂,宁国市,118.9831 30.6337
旌德砖瓦厂,宣城市旌德县,"0,0"
绩溪纺织厂,宣城市绩溪县,118-35-24/30-04-12
郎溪窑厂,宣城市郎溪县,"119.1797，31.1262"
""")

    xlsx("08-gcj02-in-header.xlsx", [("Sheet1", [
        ["名称", "所在市", "经度（GCJ-02）", "纬度（GCJ-02）", "地址"],
        ["古井酒厂老窖池", "亳州市", 115.6651, 33.9925, "亳州市谯城区古井镇"],
        ["双轮酒厂", "亳州市", "116.2151", "33.5023", "亳州市涡阳县高炉镇"],
    ], [])])

    text("09-baidu-note-below.csv", """蚌埠市工业遗产线索表
序号,线索名称,单位名称,经度,纬度
1,,蚌埠卷烟厂,117.3871,32.9412
2,,蚌埠铁路桥,117.3911,32.9566
备注：坐标系为百度坐标（BD09），由地图拾取。
""")

    xlsx("10-side-by-side.xlsx", [("名单", [
        ["六安市工业遗产名单（共7处）", None, None, None, None, None],
        ["序号", "名称", "县区", "序号", "名称", "县区"],
        [1, "霍山佛子岭水库", "霍山县", 5, "六安麻纺厂", "金安区"],
        [2, "磨子潭水库", "霍山县", 6, "淠河化肥厂", "裕安区"],
        [3, "梅山水库", "金寨县", 7, "舒城龙舒窑", "舒城县"],
        [4, "响洪甸水库", "金寨县", None, None, None],
    ], ["A1:F1"])])

    docx("11-notice.docx", [
        "关于公布第一批黄山市工业遗产名单的通知", "各区、县人民政府：", "经评审、公示，现将名单予以公布。",
        "黄山市第一批工业遗产名单",
        [["序号", "名称", "所在区县", "始建时间", "核心物项"],
         ["1", "歙县老胡开文墨厂", ("歙县", {"merge": "restart"}), "1956年", "点烟车间；墨模"],
         ["2", "徽州歙砚厂", ("", {"merge": "on"}), "1964年", "坑口"],
         ["3", "屯溪茶厂", "屯溪区", "1950年", "精制车间\n仓库"]],
        "（续表）",
        [["4", "祁门红茶厂", "祁门县", "1951年", "制茶厂房"],
         ["5", "黟县五里亭水电站", "黟县", "1958年", "机组"]],
        "注：排名不分先后。", "黄山市经济和信息化局", "2021年12月3日"])

    text("12-web-page.html", """<!DOCTYPE html><html><head><meta charset="gb2312"><title>公示</title>
<script>var t = "<table><tr><td>假</td></tr></table>";</script></head><body>
<table class="layout"><tr><td><img src="logo.png">首页 | 公开</td></tr><tr><td>
<h2>安庆市工业遗产拟认定名单公示</h2><p>公示期：5个工作日</p>
<table border="1"><caption>拟认定名单</caption>
<thead><tr><th rowspan="2">序号</th><th rowspan="2">名&nbsp;称</th><th colspan="2">所在地</th><th rowspan="2">建厂时间</th></tr>
<tr><th>县（市、区）</th><th>地址</th></tr></thead>
<tbody><tr><td>1</td><td>安庆胡玉美酱园</td><td rowspan="2">大观区</td><td>四方城</td><td>道光十年</td></tr>
<tr><td>2</td><td>安庆电厂<br>老厂房</td><td>沿江东路</td><td>1898年</td></tr>
<tr><td>3</td><td>望江桑蚕厂</td><td>望江县</td><td>&mdash;</td><td>不详</td></tr>
<tr><td colspan="5">注：名单按笔画排列</td></tr></tbody></table>
</td></tr></table></body></html>
""", "gb18030")

    def instructions(ws):
        ws.column_dimensions["A"].width = 80
    xlsx("13-sheet-per-city.xlsx", [
        ("填表说明", [["填表说明"], ["1. 每市一张表。"], ["2. 经纬度用十进制度。"]], [], instructions),
        ("宿州市", [["序号", "企业名称", "县区", "投产时间"], [1, "宿州煤矿机械厂", "埇桥区", "1971年"], [2, "砀山酥梨罐头厂", "砀山县", "1958年"]], []),
        ("阜阳市", [["序号", "企业名称", "县区", "投产时间"], [1, "阜阳卷烟厂", "颍州区", "1949年"]], []),
        ("Sheet3", [], []),
    ])

    xlsx("14-survey-three-tables.xlsx", [
        ("工业遗产", [["工业遗产情况汇总表", None, None], ["序号", "遗产名称", "所在地"], [1, "池州港老码头", "池州市贵池区"]], ["A1:C1"]),
        ("工业博物馆", [["工业博物馆情况汇总表", None, None, None], ["序号", "博物馆名称", "所在地", "开放时间"], [1, "池州矿业博物馆", "池州市贵池区", "9:00-17:00"]], ["A1:D1"]),
    ])

    xlsx("15-one-record-many-rows.xlsx", [("核心物项", [
        ["序号", "名称", "所在地", "核心物项", "建筑面积（㎡）"],
        [1, "马鞍山钢铁厂", "马鞍山市雨山区", "九号高炉", 3200],
        [None, None, None, "焦炉煤气柜", None],
        [None, None, None, "轮箍分厂厂房", None],
        [2, "当涂造纸厂", "马鞍山市当涂县", "蒸煮车间", None],
        [None, None, None, "烟囱", None],
    ], ["A2:A4", "B2:B4", "C2:C4", "A5:A6", "B5:B6", "C5:C6"])])

    text("16-unicode-text.txt", """序号\t名称\t市县\t始建\t简介
1\t淮河蚌埠闸\t蚌埠市\t1958年\t淮河干流\"第一闸\"。
2\t五河船闸\t五河县\t1965年\t\"两孔，
净宽10米\"
""", "utf-16")

    text("17-big5.csv", """編號,名稱,所在地,建造年代
甲-1,屯溪老茶廠,黃山市屯溪區,民國二十三年
甲-2,歙縣墨廠,黃山市歙縣,光緒年間
""", "big5")

    text("18-english.csv", """No.,name_en,name_zh,prefecture,county,founded,longitude,latitude,confidence
1,Wuhu Shipyard,芜湖造船厂,芜湖市,镜湖区,1900,118.3612,31.3466,medium
2,Fanchang Kiln,繁昌窑,芜湖市,繁昌区,,118.1989,31.0806,low
""")

    xlsx("19-spaced-and-broken.xlsx", [("名单", [
        ["宣城市工业遗产名单"] + [None] * 4,
        ["序\n号", "名　　称", "所 在 县\n（市、区）", "建 成\n时 间", "备  注"],
        [1, "宣 城 机 械 厂", "宣州区", "１９５８年", "—"],
        [2, "水东\n煤矿", "宣州区", "约1920年", "/"],
        [3, "港口湾水库（在建）*", "宁国市", "1958－1961", "无"],
    ], ["A1:E1"])])

    text("20-no-header.csv", """1,蒙城酒厂,亳州市蒙城县,1951
2,利辛纺织厂,亳州市利辛县,1965
3,涡阳煤矿,亳州市涡阳县,1970
4,古井酒厂,亳州市谯城区,1959
""")

    xlsx("21-printed-pages.xlsx", [("Sheet1", [
        ["池州市工业遗产一览表", None, None, None],
        ["序号", "名称", "位置", "年代"],
        [1, "池州铜矿", "池州市贵池区铜山镇", "1958年"],
        [2, "青阳丝绸厂", "池州市青阳县蓉城镇", "1970年"],
        ["第 1 页 共 2 页", None, None, None],
        ["序号", "名称", "位置", "年代"],
        [3, "石台电站", "池州市石台县仁里镇", "1966年"],
        [4, "东流船厂", "池州市东至县东流镇", "1952年"],
        ["- 2 -", None, None, None],
    ], ["A1:D1", "A5:D5", "A9:D9"])])

    text("22-duplicates.csv", """名称,所在地,年代
天长仪表厂,天长市,1965年
来安化肥厂,滁州市来安县,1970年
天长仪表厂,天长市,1965年
全椒酒厂,滁州市全椒县,1951年
""")
    text("23-contradiction.csv", """名称,所在地,年代
天长仪表厂,天长市,1965年
天长仪表厂,天长市,1971年
全椒酒厂,滁州市全椒县,1951年
""")

    xlsx("24-national-shape.xlsx", [("附件", [
        ["第四批国家工业遗产名单", None, None, None, None],
        [None, None, None, None, None],
        ["序号", "项目名称", "省（区、市）", "地址", "核心物项"],
        [1, "安庆胡玉美酱园", "安徽省", "安庆市大观区、迎江区", "胡玉美酱园四方城旧址、晒场、酱缸、酿造工艺"],
        [2, "庐江矾矿", "安徽省", "合肥市庐江县", "高温煅烧车间（1958年）、溶解车间、矿硐"],
        [3, "中国航天603基地", "安徽省", "宣城市广德市", "发射场遗址；“八一”发射架；指挥所"],
    ], ["A1:E1"])])

    text("25-wrong-places.csv", """名称,市,县,经度,纬度
阜阳发电厂,阜阳市,颍东区,115.93,32.91
错位的厂,合肥市,瑶海区,118.36,31.34
没有的县,合肥市,无此县,,
,合肥市,蜀山区,,
""")

    ods("26-office.ods", [("工业遗产", [
        [("滁州市工业遗产", 4, 1), None, None, None],
        ["序号", "名称", "所在地", "始建年代"],
        [1, "凤阳玻璃厂", ("凤阳县", 1, 2), 1958],
        [2, "凤阳石英砂厂", None, "1965年"],
        [3, "定远盐矿", "定远县", "1987年"],
    ])])

    text("27-crafts.csv", """序号,项目编号,项目名称,类别,申报地区或单位
一,Ⅷ-65,宣纸制作技艺,传统技艺,安徽省泾县
二,Ⅷ-73,徽墨制作技艺,传统技艺,安徽省绩溪县、歙县、黄山市屯溪区
三,Ⅷ-74,歙砚制作技艺,传统技艺,安徽省歙县
""")

    xlsx("28-museums.xlsx", [("工业博物馆", [
        ["安徽省工业博物馆名单", None, None, None, None, None],
        ["序号", "博物馆名称", "类型", "地址", "开放时间", "联系电话"],
        [1, "合肥轮胎博物馆", "企业博物馆", "合肥市瑶海区裕溪路100号", "周二至周日 9:00-17:00（周一闭馆）", "0551-64410000"],
        [2, "淮南煤矿博物馆", "行业博物馆", "淮南市大通区", "全天开放", "０５５４－２６４５０００"],
    ], ["A1:F1"])])

    text("29-address-only.csv", """序号,名称,详细地址,产品
1,合肥化肥厂,安徽省合肥市瑶海区新站路8号,尿素
2,巢湖水泥厂,巢湖市银屏镇,水泥
3,肥东磷矿,合肥市肥东县石塘镇,磷矿石
""")

    text("30-gb-batches.csv", """安徽省入选国家工业遗产名单
批次,名称,所在地
第二批,合肥钢铁厂,合肥市
,泾县宣纸厂,宣城市泾县
第三批,古井贡酒年份原浆传统酿造区,亳州市
,贵池茶厂,池州市
,歙县老胡开文墨厂,黄山市歙县
""", "gb18030")

    text("31-unquoted-commas.csv", """序号,名称,所在地,年代,主要遗存,产权单位
1,合肥钢铁厂,合肥市瑶海区,1958年,高炉,铁轨,办公楼,马钢公司
2,合肥化肥厂,合肥市瑶海区,1959年,厂房,
3,安徽拖拉机厂,厂部,合肥市包河区,1953年,车间,
""")
    text("32-markdown.txt", """| 序号 | 名称 | 所在地 | 年代 |
|------|------|:------:|-----:|
| 1 | 合肥钢铁厂 | 合肥市瑶海区 | 1958年 |
| 2 | 泾县宣纸厂[1] | 宣城市泾县 | 1951年 |
""")
    text("33-blanks-part-columns.txt", """宣城市工业遗产名单（2021年）

序号  名称            所在县    始建
1     泾县宣纸厂      泾县      1951年
2     宁国水泥厂      宁国市    1978年
3     绩溪胡开文墨厂  绩溪县    1782年
""", "gb18030", "\r\n")
    text("34-twins-and-counters.csv", """序号,企业名称,遗产名称,地址,建成时间,编号
1,中国宣纸股份有限公司,泾县宣纸厂,宣城市泾县榔桥镇乌溪,1951年,1
2,安徽省绩溪县胡开文墨业有限公司,胡开文墨厂旧址①,宣城市绩溪县华阳镇,清代,2
3,,"屯溪茶厂
Tunxi Tea Factory",黄山市屯溪区,1950,3
""")
    text("35-degrees-in-columns.csv", """名称,经度,,,纬度,,
,度,分,秒,度,分,秒
泾县宣纸厂,118,27,6,30,33,42
宁国水泥厂,118,58,59.2,30,38,1.3
""")

    strings = ["名称", "所在地", "始建时间", "停产时间", "敏感", "建筑面积", "区划代码",
               "合肥无线电二厂", "合肥市包河区", "芜湖冶炼厂"]
    shared = "".join(f"<si><t>{s}</t></si>" for s in strings)
    shared += '<si><r><t>芜湖市</t></r><r><rPr><b/></rPr><t xml:space="preserve">鸠江区</t></r><rPh sb="0" eb="1"><t>wu</t></rPh></si>'
    pack("36-dates-and-strings.xlsx", {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
                           '<sheets><sheet name="选项" sheetId="2" state="hidden" r:id="rId2"/><sheet name="清单 &amp; 表" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="x" Target="/xl/worksheets/sheet1.xml"/>'
                                      '<Relationship Id="rId2" Type="x" Target="worksheets/sheet2.xml"/></Relationships>',
        "xl/styles.xml": '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="2"><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;;@"/>'
                         '<numFmt numFmtId="177" formatCode="000000"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="176"/><xf numFmtId="177"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{shared}</sst>',
        "xl/worksheets/sheet1.xml": '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            '<row r="2">' + "".join(f'<c r="{"BCDEFGH"[i]}2" t="s"><v>{i}</v></c>' for i in range(7)) + "</row>"
            '<row r="3"><c r="B3" t="s"><v>7</v></c><c r="C3" t="s"><v>8</v></c><c r="D3" s="2"><v>21367</v></c><c r="E3" s="1"><v>36526.5</v></c><c r="F3" t="b"><v>0</v></c>'
            '<c r="G3"><f>1200*2</f><v>2400.0000000000005</v></c><c r="H3" s="3"><v>340111</v></c></row>'
            '<row r="5"><c r="B5" t="s"><v>9</v></c><c r="C5" t="s"><v>10</v></c><c r="D5" t="inlineStr"><is><t>1958_x000D_年</t></is></c><c r="E5" t="e"><v>#N/A</v></c>'
            '<c r="F5" t="b"><v>1</v></c><c r="G5" t="str"><f>A1</f><v>1200平方米</v></c></row></sheetData></worksheet>',
        "xl/worksheets/sheet2.xml": '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>名称</t></is></c></row>'
                                    '<row r="2"><c r="A2" t="inlineStr"><is><t>不该出现</t></is></c></row></sheetData></worksheet>',
        "xl/media/image1.png": "x",
    })

    xlsx("37-two-tables-one-sheet.xlsx", [("附表", [
        ["附表1 国家级工业遗产", None, None, None],
        ["序号", "名称", "所在地", "批次"],
        [1, "合肥钢铁厂", "合肥市瑶海区", "第二批"],
        [2, "泾县宣纸厂", "宣城市泾县", "第二批"],
        [None, None, None, None],
        ["附表2 市级工业遗产", None, None, None],
        ["编号", "所在地", "遗产名称", "建成年代"],
        ["TL-01", "铜陵市铜官区", "铜官山铜矿老铁路", "1952年"],
        ["TL-02", "铜陵市郊区", "扫把沟发电厂旧址", "1960年"],
        ["总计：4处", None, None, None],
    ], ["A1:D1", "A6:D6"])])

    xlsx("38-category-merged.xlsx", [("Sheet1", [
        ["行业类别", "序号", "遗产名称", "所在市县", "是否开放", "照片"],
        ["煤炭", 1, "大通煤矿", "淮南市大通区", "是", None],
        [None, 2, "九龙岗煤矿", "淮南市大通区", "否", None],
        [None, "小计", 2, None, None, None],
        ["纺织", 3, "安庆纺织厂", "安庆市大观区", "√", None],
        ["总  计", 3, None, None, None, None],
    ], ["A2:A4"])])

    text("39-short-and-long-rows.csv", """名称,市,县,始建年代,备注
合肥叉车厂,合肥市,蜀山区
合肥锻压机床厂,合肥市,庐阳区,1952年,,,
合肥仪表总厂,合肥市,庐阳区,1956年,搬迁,2003
""")

    xlsx("40-notes-in-the-middle.xlsx", [("表", [
        ["芜湖市工业遗存调查表（坐标系：CGCS2000）", None, None, None, None],
        ["填报单位：芜湖市经信局（盖章）", None, None, None, "2022年3月"],
        ["序号", "遗存名称", "经度", "纬度", "所在县区"],
        ["示例", "某某厂", 118.1, 31.1, "镜湖区"],
        [1, "芜湖纺织厂", 118.3803, 31.3502, "镜湖区"],
        ["注：以下为补充上报", None, None, None, None],
        [2, "芜湖东方纸板厂", 118.3712, 31.3391, "弋江区"],
        ["单位负责人：王某", None, "填表人：赵某", None, "联系电话：0553-3800000"],
    ], ["A1:E1", "A6:E6"])])

    docx("41-merged-cells.docx", [
        "附件", "第一批铜陵市工业遗产名单",
        [[("类别", {"merge": "restart"}), ("基本情况", {"span": 3})],
         [("", {"merge": "on"}), "名称", "所在地", "年代"],
         [("冶金", {"merge": "restart"}), "铜官山铜矿老铁路", "铜官区", "1952年"],
         [("", {"merge": "on"}), "井边铜矿旧址", "铜官区", "1960年代"],
         ["制造", "七〇一厂火车道", "郊区", "1956年"],
         [("合计", {"span": 3}), "3处"]]])

    text("42-nested-page.html", """<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body>
<div class=nav><ul><li>首页</ul></div>
<table><tbody><tr><th>名称</th><th>所在地</th><th>坐标（百度）</th></tr>
<tr><td><a href="/a">马钢九号高炉</a></td><td>马鞍山市雨山区<td>118.4891,31.7021
<tr><td>马鞍山<br/>硫铁矿&nbsp;</td><td>马鞍山市<br>花山区</td><td>118.5412, 31.7311</td></tr>
</tbody></table></body></html>
""")

    xlsx("43-museum-survey.xlsx", [("博物馆", [
        ["附件2", None, None, None, None, None, None],
        ["工业博物馆汇总表", None, None, None, None, None, None],
        ["序号", "博物馆名称", "所在市", "所在县（市、区）", "地址", "建筑面积（平方米）", "开放时间"],
        [1, "铜陵市博物馆铜文化馆", "铜陵市", "铜官区", "翠湖二路", "约4500", "周二至周日9:00—17:00"],
        [2, "古井酒文化博物馆", "亳州市", "谯城区", "古井镇", 2200, "8:30-11:30，14:00-17:30"],
    ], ["A1:G1", "A2:G2"])])

    text("55-name-in-title.csv", """第九届安徽省工业设计大赛获奖名单,,,
序号,等次,获奖单位,作品名称
1,一等奖,合肥美的电冰箱有限公司,零嵌入冰箱
2,二等奖,安徽工程大学,竹编台灯
""")
    text("44-tour-sites.csv", """工业旅游示范基地名单,,,
序号,单位名称,所在地,推荐单位
1,中国宣纸文化园,宣城市泾县,宣城市文化和旅游局
2,古井酒文化博览园,亳州市谯城区,亳州市文化和旅游局
""", "gb18030")

    text("45-headers-with-words-around.csv", """该项目详细地址,工业遗产项目全称,遗产点位经度,遗产点位纬度,企业建成年代,推荐单位,主要现存遗存清单,企业占地面积(亩),原厂名
合肥市瑶海区长江路1号,合肥某厂,117.3,31.8,1958,市局,烟囱、水塔,30,老某厂
合肥市包河区长江路2号,合肥二厂,117.31,31.81,1959,市局,烟囱、水塔,,
合肥市蜀山区长江路3号,合肥三厂,117.22,31.82,1960,市局,锅炉房,30,
""")
    text("46-headers-nobody-knows.csv", """某某公司整理
编次,叫什么,在哪儿,哪年办的,东西向,南北向
1,甲窑厂,合肥市庐江县,1958,117.28,31.25
2,乙酒坊,亳州市谯城区,1949,115.77,33.87
3,丙茶场,六安市金寨县,1965,115.93,31.72
4,丁纱厂,安庆市大观区,1952,117.03,30.55
""")
    text("47-sections-in-csv.csv", """序号,遗产名称,年代,级别
一、第二批（2处）,,,
1,合肥钢铁厂,1958年,国家级
2,泾县宣纸厂,1951年,国家级
二、第三批（1处）,,,
（一）亳州市,,,
3,古井贡酒年份原浆传统酿造区,宋代,国家级
三、市级名录,,,
4,扫把沟发电厂旧址,1960年,市级
合  计,4,,
""")

    docx("48-table-under-each-heading.docx", [
        "安徽省工业遗产名录", "一、合肥市（2项）",
        [["序号", "名称", "年代"], ["1", "合肥钢铁厂", "1958年"], ["2", "合肥化肥厂", "1959年"]],
        "二、芜湖市（1项）",
        [["序号", "名称", "年代"], ["1", "芜湖造船厂", "1900年"]],
        "三、安庆市（1项）",
        [["1", "安庆石化厂", "1974年"]],
        "备注：以上按行政区划排列。"])
    ods("49-hidden-and-merged.ods", [("说明", [["填表说明"], ["一行一处"]]), ("淮北市", [
        ["淮北市工业遗产", None, None],
        ["序号", "名称", "坐标"],
        [1, "淮北选煤厂", "116.8012,33.9651"],
        [2, "烈山煤矿\n老井", "116.8123，33.8902"],
    ])])

    text("50-units-below-header.csv", """合肥、芜湖两市工业遗产,,,,,
序号,名称,占地面积,建筑面积,核心物项1,核心物项2
,,（亩）,㎡,,
1,甲厂,3,200,高炉,烟囱
2,乙厂,6,100,,水塔
""")
    text("51-column-numbers.csv", """序号,名称,所在地,年代
1,2,3,4
1,甲厂,合肥市庐江县,1958
2,乙厂,合肥市市直,1959
""")
    xlsx("52-statistics-beside.xlsx", [
        ("统计", [["各市工业遗产数量统计"], ["地市", "县区", "数量"], ["合肥市", "庐江县", 3], ["合肥市", "巢湖市", 2], ["合计", None, 5]], []),
        ("名单", [["*名称", "所在地（必填）", "★始建年代"], ["甲厂", "合肥市庐江县", 1958], ["乙厂", "巢湖市", 1960]], []),
    ])

    xlsx("53-template-with-instructions.xlsx", [
        ("工业遗产", [["登记号", "名称", "所在地", "始建", "经度", "纬度"], [None, "甲厂", "合肥市庐江县", "1958年", 117.28, 31.25]], []),
        ("填表说明", [["一行一条，空着表示不知道。", None, None], ["名称", "必填", "公布的名称。"], ["英文名称", None, None], ["所在地", None, "写到县。"],
                  ["始建", None, "可写 1953年。"], ["经度", None, None]], []),
        ("注册名单", [["名称", "所在地"], ["乙厂", "巢湖市"]], []),
    ])

    text("54-xml-of-2003.xls", """<?xml version="1.0" encoding="UTF-8"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
 <Worksheet ss:Name="安庆市"><Table>
  <Row><Cell ss:MergeAcross="3"><Data ss:Type="String">安庆市工业遗产</Data></Cell></Row>
  <Row ss:Index="3"><Cell><Data ss:Type="String">序号</Data></Cell><Cell><Data ss:Type="String">名称</Data></Cell><Cell><Data ss:Type="String">县区</Data></Cell><Cell><Data ss:Type="String">建成时间</Data></Cell></Row>
  <Row><Cell><Data ss:Type="Number">1</Data></Cell><Cell><Data ss:Type="String">安庆造纸厂</Data></Cell><Cell ss:MergeDown="1"><Data ss:Type="String">大观区</Data><Comment><Data>核</Data></Comment></Cell><Cell><Data ss:Type="DateTime">1958-07-01T00:00:00.000</Data></Cell></Row>
  <Row><Cell><Data ss:Type="Number">2</Data></Cell><Cell><Data ss:Type="String">安庆电厂</Data></Cell><Cell ss:Index="4"><Data ss:Type="Number">1898</Data></Cell></Row>
 </Table></Worksheet>
</Workbook>
""")

    text("56-dates-of-others.csv", """馆名,所在县区,更新日期,公布日期,施行日期
宣纸甲馆,泾县,2021-03-04,2021-03-07,2021-03-09
歙砚乙馆,歙县,2021-03-05,2021-03-08,2021-03-09
""")
    text("57-two-bodies.csv", """2024年培训计划
序号,培训班名称,培训时间,培训地点,承办单位,培训机构
1,甲技艺研修班,2024年3月11日,合肥市,黄山学院,徽州技艺学校
2,乙能力提升班,2024年5月6日,宣城市泾县,安徽大学,安徽大学
""")
    text("58-yes-and-no.csv", """序号,博物馆名称,所在县区,开放情况,,地址
,,,是否免费开放（是/否）,年接待观众（人次）,
1,甲陶瓷博物馆,绩溪县,是,3000,华阳镇
2,乙酿酒博物馆,绩溪县,否,5000,临溪镇
3,丙纺织博物馆,绩溪县,需预约,800,长安镇
""")
    text("59-box-over-page.html", """<html><head><meta charset="utf-8"><title>政策目录</title></head><body>
<table><tr><td>索引号：</td><td>00298627-2/202405-00012</td><td>发布机构：</td><td>某市经济和信息化局</td></tr>
<tr><td>生成日期：</td><td>2024-05-20</td><td>信息分类：</td><td>通知公告</td></tr></table>
<h2>政策目录</h2>
<table><tr><th>序号</th><th>文件名称</th><th>文号</th><th>发布机关</th></tr>
<tr><td>1</td><td>《甲市工业遗产保护办法》</td><td>甲政〔2021〕1号</td><td>甲市人民政府</td></tr>
<tr><td>2</td><td>乙市工业遗产管理细则</td><td>乙政〔2022〕2号</td><td>乙市人民政府</td></tr>
<tr><td>3</td><td>关于印发《丙县规划》的通知</td><td>丙政〔2023〕3号</td><td>丙县人民政府</td></tr></table>
</body></html>
""")


if __name__ == "__main__":
    lists()
