#!/usr/bin/python3
"""Writes the lists of this folder and, beside each, what a careful person would enter from it.

The lists are of the shapes in which county and city offices publish theirs; they were written without
looking at how the importer reads. All works in them are invented (试验…, 示例…). Needs python3-openpyxl;
the written files are kept, so the tests need only them.

    /usr/bin/python3 make.py      writes NN-*.{xlsx,csv,txt,docx,html} and expected.json
"""
import json
import math
import pathlib
import zipfile
from xml.sax.saxutils import escape

from openpyxl import Workbook

HERE = pathlib.Path(__file__).resolve().parent
EXPECTED = []


def gcj(lon, lat):
    """WGS 84 to GCJ-02 by the published series, so that the way back is not tested against itself."""
    a, ee = 6378245.0, 0.00669342162296594323
    x, y, pi = lon - 105.0, lat - 35.0, math.pi
    common = (20 * math.sin(6 * x * pi) + 20 * math.sin(2 * x * pi)) * 2 / 3
    dlat = (-100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + common
            + (20 * math.sin(y * pi) + 40 * math.sin(y / 3 * pi)) * 2 / 3
            + (160 * math.sin(y / 12 * pi) + 320 * math.sin(y * pi / 30)) * 2 / 3)
    dlon = (300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + common
            + (20 * math.sin(x * pi) + 40 * math.sin(x / 3 * pi)) * 2 / 3
            + (150 * math.sin(x / 12 * pi) + 300 * math.sin(x / 30 * pi)) * 2 / 3)
    rad = lat / 180 * pi
    magic = 1 - ee * math.sin(rad) ** 2
    root = math.sqrt(magic)
    return (lon + dlon * 180 / (a / root * math.cos(rad) * pi),
            lat + dlat * 180 / (a * (1 - ee) / (magic * root) * pi))


def dms(value, seconds=0):
    whole = round(value * 3600, seconds)
    d, rest = divmod(whole, 3600)
    m, s = divmod(rest, 60)
    return f"{int(d)}°{int(m)}′{s:.{seconds}f}″"


def expect(file, type_name, others, records, outside=()):
    """others: rows that are not records and not blank, in the tables that hold some; outside: sheets that hold none."""
    EXPECTED.append({"file": file, "type": type_name, "others": others, "outside": list(outside), "records": records})


def rec(name, division=None, **more):
    record = {"name": name, **({"division": division} if division else {}), **more}
    return record


def save_xlsx(book, file):
    book.save(HERE / file)


def save_text(file, rows, encoding, comma=",", line="\r\n", bom=b""):
    def cell(value):
        value = str(value)
        return '"' + value.replace('"', '""') + '"' if any(c in value for c in comma + '"\n') else value
    text = line.join(comma.join(cell(v) for v in row) for row in rows) + line
    (HERE / file).write_bytes(bom + text.encode(encoding))


def save_docx(file, before, rows, after):
    """One table; a row given as one text is a cell over the whole width."""
    width = max(len(r) for r in rows if isinstance(r, list))

    def paragraph(text):
        return f"<w:p><w:r><w:t xml:space=\"preserve\">{escape(text)}</w:t></w:r></w:p>"

    def cell(text, span=1):
        grid = f"<w:tcPr><w:gridSpan w:val=\"{span}\"/></w:tcPr>" if span > 1 else "<w:tcPr/>"
        return f"<w:tc>{grid}{''.join(paragraph(t) for t in str(text).split(chr(10)))}</w:tc>"
    body = "".join(paragraph(t) for t in before) + "<w:tbl><w:tblPr/><w:tblGrid>" + "<w:gridCol/>" * width + "</w:tblGrid>"
    for row in rows:
        cells = cell(row, width) if isinstance(row, str) else "".join(cell(c) for c in row)
        body += f"<w:tr>{cells}</w:tr>"
    body += "</w:tbl>" + "".join(paragraph(t) for t in after)
    with zipfile.ZipFile(HERE / file, "w", zipfile.ZIP_DEFLATED) as z:
        def put(name, text):
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            z.writestr(info, text)
        head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        put("[Content_Types].xml", head + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            'wordprocessingml.document.main+xml"/></Types>')
        put("_rels/.rels", head + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
            'Target="word/document.xml"/></Relationships>')
        put("word/document.xml", head + '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            f"<w:body>{body}</w:body></w:document>")


def city_survey():
    book = Workbook()
    cover = book.active
    cover.title = "封面"
    cover["B3"], cover["B5"], cover["B6"], cover["B7"] = "工业遗产普查登记汇总", "填报单位（盖章）：示例局", "填报人：示例员", "填报日期：2024年3月15日"
    sheet = book.create_sheet("汇总表")
    sheet["A1"] = "皖南片区工业遗产普查登记汇总表"
    sheet.merge_cells("A1:K1")
    sheet["A2"] = "填报单位：示例局　　　　　　　填报日期：2024年3月15日"
    sheet.merge_cells("A2:K2")
    for ref, text in (("A3", "序号"), ("B3", "市"), ("C3", "县（市、区）"), ("D3", "遗产名称"), ("E3", "地理坐标"), ("E4", "东经"), ("F4", "北纬"),
                      ("G3", "建设年代"), ("G4", "始建"), ("H4", "停产"), ("I3", "所属\n行业"), ("J3", "产权\n单位"), ("K3", "保存\n状况")):
        sheet[ref] = text
    for ref in ("A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:F3", "G3:H3", "I3:I4", "J3:J4", "K3:K4"):
        sheet.merge_cells(ref)
    rows = [
        ("宣城市", "泾县", "341823", "试验造纸厂旧址", 118.4071, 30.6882, "1951年", "1998年", "造纸和纸制品业", "C22", "试验造纸公司", "较好"),
        ("宣城市", "旌德县", "341825", "试验缫丝厂", 118.5381, 30.2906, "1966", "2001", "纺织业", "C17", "旌德县国资委", "一般"),
        ("宣城市", "郎溪县", "341821", "试验砖瓦厂烟囱", 119.1798, 31.1299, "1972年8月", "", "非金属矿物制品业", "C30", "", "差"),
        ("黄山市", "歙县", "341021", "示例制墨工坊", 118.4228, 29.8701, "清光绪年间", "", "", "", "示例墨业社", "较好"),
        ("黄山市", "祁门县", "341024", "示例红茶精制厂", 117.7119, 29.8560, "1939年", "", "酒、饮料和精制茶制造业", "C15", "示例茶业公司", "好"),
        ("黄山市", "休宁县", "341022", "示例水电站", 118.1833, 29.7913, "1958年", "1987年", "电力、热力生产和供应业", "D44", "示例供电所", "一般"),
        ("池州市", "青阳县", "341723", "示例方解石矿", 117.8522, 30.6407, "1965年", "2010年", "非金属矿采选业", "B10", "青阳县示例镇政府", "一般"),
    ]
    for i, (city, county, _, name, lon, lat, built, closed, trade, _, owner, kept) in enumerate(rows):
        for column, value in zip("ABCDEFGHIJK", (i + 1, city if i in (0, 3, 6) else None, county, name, lon, lat, built, closed, trade, owner, kept)):
            sheet[f"{column}{5 + i}"] = value
    sheet.merge_cells("B5:B7")
    sheet.merge_cells("B8:B10")
    sheet["A12"], sheet["D12"] = "合计", "7处"
    sheet["A13"] = "说明：坐标为WGS84；保存状况分好、较好、一般、差四等。"
    sheet.merge_cells("A13:K13")
    save_xlsx(book, "01-city-survey.xlsx")
    years = {"1951年": [1951, 1951], "1966": [1966, 1966], "1972年8月": [1972, 1972], "清光绪年间": [1875, 1908], "1939年": [1939, 1939],
             "1958年": [1958, 1958], "1965年": [1965, 1965]}
    records = []
    for city, county, code, name, lon, lat, built, closed, trade, industry, owner, kept in rows:
        r = rec(name, code, lon=lon, lat=lat, built=years[built], condition=kept)
        if closed:
            r["closed"] = [int(closed[:4])] * 2
        if industry:
            r["industry"] = industry
        if owner:
            r["owner"] = owner
        records.append(r)
    expect("01-city-survey.xlsx", "heritage", 6, records, ["封面"])


def web_gbk():
    rows = [["附件：蚌埠市工业遗产名录（第一批）", "", "", "", "", ""],
            ["序号", "名称", "所在区县", "年代", "认定级别", "备注"],
            ["1", "试验卷烟厂旧址", "禹会区", "1947年", "市级", "2020年公布"],
            ["2", "试验面粉厂", "〃", "民国", "〃", "〃"],
            ["3", "试验铁路货场", "龙子湖区", "1911年", "〃", ""],
            ["4", "试验玻璃厂熔窑", "〃", "20世纪60年代", "〃", ""],
            ["5", "示例船闸", "怀远县", "1958—1960年", "省级", ""],
            ["6", "示例酒厂窖池群", "固镇县", "明清", "市级", ""],
            ["7", "示例农机修造厂", "五河县", "1970年代", "市级", "现为仓库"],
            ["共7处", "", "", "", "", ""]]
    save_text("02-web-copy-gbk.csv", rows, "gbk")
    expect("02-web-copy-gbk.csv", "heritage", 3, [
        rec("试验卷烟厂旧址", "340304", built=[1947, 1947], level="市"), rec("试验面粉厂", "340304", built=[1912, 1949], level="市"),
        rec("试验铁路货场", "340302", built=[1911, 1911], level="市"), rec("试验玻璃厂熔窑", "340302", built=[1960, 1969], level="市"),
        rec("示例船闸", "340321", built=[1958, 1960], level="省"), rec("示例酒厂窖池群", "340323", built=[1368, 1911], level="市", slack=1),
        rec("示例农机修造厂", "340322", built=[1970, 1979], level="市")])


def sections_docx():
    rows = [["序号", "单位名称", "详细地址", "建厂时间", "主要遗存"], "一、合肥市（3处）",
            ["1", "试验钢铁厂", "瑶海区示例路1号", "1958年", "高炉、烟囱"],
            ["2", "试验无线电厂", "蜀山区示例路22号", "1969年", "1号厂房；装配车间"],
            ["3", "试验水泥厂", "巢湖市示例镇", "一九五八年", "立窑\n料仓"], "二、马鞍山市（2处）",
            ["1", "试验轧钢厂", "雨山区示例大道", "1964年", "轧机"],
            ["2", "试验采石场", "当涂县示例镇示例村", "民国二十四年", "采坑"], "三、安庆市（2处）",
            ["1", "试验电灯厂", "迎江区示例街", "清光绪二十三年（1897年）", "机房"],
            ["2", "试验榨油厂", "桐城市示例镇", "1952年", "油榨、仓库"]]
    save_docx("03-sections.docx", ["示例省直单位关于公布工业遗存调查名单的通知", "各市、县人民政府："], rows, ["示例办公室", "2023年6月1日"])
    expect("03-sections.docx", "heritage", 4, [
        rec("试验钢铁厂", "340102", built=[1958, 1958], core=["高炉", "烟囱"]),
        rec("试验无线电厂", "340104", built=[1969, 1969], core=["1号厂房", "装配车间"], address="示例路22号"),
        rec("试验水泥厂", "340181", built=[1958, 1958], core=["立窑", "料仓"]),
        rec("试验轧钢厂", "340504", built=[1964, 1964], core=["轧机"]), rec("试验采石场", "340521", built=[1935, 1935], address="示例镇示例村"),
        rec("试验电灯厂", "340802", built=[1897, 1897]), rec("试验榨油厂", "340881", built=[1952, 1952], core=["油榨", "仓库"])])


def gov_page():
    rows = [("1", "试验绸厂", "阜阳市颍州区", "示例丝绸公司", "锯齿形厂房<br/>织机12台<br/>老办公楼", "2022"),
            ("2", "试验化肥厂", "阜阳市临泉县", "临泉县示例局", "造气炉<br/>压缩机房", "2022"),
            ("3", "试验粮库", "阜阳市太和县", "太和县示例粮站", "苏式仓3座", "2022"),
            ("4", "试验酒厂", "阜阳市界首市", "示例酒业公司", "发酵池；酒海", "2023"),
            ("5", "试验船厂", "阜阳市颍上县", "&mdash;", "船台&nbsp;滑道", "2023")]
    table = "".join("<tr>" + "".join(f"<td style='border:1px solid'><p><span>{c}</span></p></td>" for c in r) + "</tr>\n" for r in rows)
    (HERE / "04-gov-page.html").write_text(f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>公示_示例市政府网</title><style>td{{padding:2px}}</style>
<script>var t = "<table><tr><td>x</td></tr></table>";</script></head><body>
<table width="100%"><tr><td><a href="/">首页</a></td><td><a href="/zw">政务公开</a></td><td><a href="/fw">政务服务</a></td><td><a href="/hd">互动交流</a></td></tr></table>
<table><tr><td>当前位置：首页 &gt; 通知公告</td></tr></table>
<h1>关于工业遗产认定名单的公示</h1><div>发布时间：2023-10-08　浏览次数：123　字体：【大 中 小】</div>
<p>现将拟认定名单公示如下，公示期5个工作日。</p>
<table border="1"><tbody><tr><td><b>序号</b></td><td><b>遗产名称</b></td><td><b>所在地</b></td><td><b>权属单位</b></td><td><b>核心物项</b></td><td><b>认定年份</b></td></tr>
{table}</tbody></table>
<table><tr><td>上一篇：示例通知</td></tr><tr><td>下一篇：没有了</td></tr></table>
<table width="100%"><tr><td>主办：示例市人民政府</td><td>网站标识码：0000000000</td></tr><tr><td colspan="2">皖ICP备00000000号</td></tr></table>
</body></html>""", encoding="utf-8")
    expect("04-gov-page.html", "heritage", 1, [
        rec("试验绸厂", "341202", owner="示例丝绸公司", core=["锯齿形厂房", "织机12台", "老办公楼"], recognized=[2022, 2022]),
        rec("试验化肥厂", "341221", core=["造气炉", "压缩机房"], recognized=[2022, 2022]),
        rec("试验粮库", "341222", core=["苏式仓3座"], recognized=[2022, 2022]), rec("试验酒厂", "341282", core=["发酵池", "酒海"], recognized=[2023, 2023]),
        rec("试验船厂", "341226", recognized=[2023, 2023])])


def museums():
    book = Workbook()
    sheet = book.active
    sheet.title = "Sheet1"
    sheet["A1"] = "行业博物馆开放信息一览表"
    sheet.merge_cells("A1:I1")
    head = ["序号", "馆名", "所属地市", "馆址", "性质", "开放时间", "是否免费", "服务电话", "建成开放时间"]
    rows = [(1, "试验酒文化博物馆", "亳州市", "亳州市谯城区示例路88号", "行业", "9:00-17:00（16:30停止入馆），周一闭馆", "是", "0558-5550001", "2008年5月"),
            (2, "示例陶瓷博物馆", "宿州市", "宿州市萧县示例镇", "非国有", "周二至周日\n上午 8:30-11:30\n下午 14:30-17:30", "否，30元", "0557-5550002", "2015-09-28"),
            (3, "试验矿山博物馆", "淮北市", "淮北市相山区示例大道1号", "行业", "09：00—17：00", "免费", "0561-5550003\n0561-5550004", "2010"),
            (4, "示例厂史陈列馆", "芜湖市", "芜湖市弋江区示例工业园内", "企业", "预约开放", "免费", "（0553）5550005", "2019年"),
            (5, "示例宣笔博物馆", "宣城市", "泾县示例镇示例村", "非国有", "全年8:00-17:00", "免费", "13800000000", "2013.10")]
    for c, text in zip("ABCDEFGHI", head):
        sheet[f"{c}2"] = text
    for i, row in enumerate(rows):
        for c, value in zip("ABCDEFGHI", row):
            sheet[f"{c}{3 + i}"] = value
    sheet["A8"] = "备注：以上信息以各馆公告为准。"
    save_xlsx(book, "05-museums.xlsx")
    expect("05-museums.xlsx", "museum", 3, [
        rec("试验酒文化博物馆", "341602", phone=["0558-5550001"], opened=[2008, 2008], hours=[["2,3,4,5,6,7", "09:00", "17:00"]]),
        rec("示例陶瓷博物馆", "341322", phone=["0557-5550002"], opened=[2015, 2015],
            hours=[["2,3,4,5,6,7", "08:30", "11:30"], ["2,3,4,5,6,7", "14:30", "17:30"]]),
        rec("试验矿山博物馆", "340603", phone=["0561-5550003", "0561-5550004"], opened=[2010, 2010], hours=[["1,2,3,4,5,6,7", "09:00", "17:00"]]),
        rec("示例厂史陈列馆", "340209", phone=["0553-5550005"], opened=[2019, 2019], kind="企业"),
        rec("示例宣笔博物馆", "341823", phone=["13800000000"], opened=[2013, 2013], hours=[["1,2,3,4,5,6,7", "08:00", "17:00"]])])


def crafts():
    rows = [["示例省传统工业技艺类非物质文化遗产代表性项目名录", "", "", "", "", "", "", ""],
            ["序号", "项目编号", "项目名称", "申报地区或单位", "项目级别", "批次", "公布时间", "代表性传承人"],
            ["1", "Ⅷ-901", "试验手工纸制作技艺", "安徽省潜山市", "国家级", "第二批", "2008年", "示例甲、示例乙"],
            ["2", "Ⅷ-902", "试验制墨技艺", "安徽省黄山市徽州区", "省级", "第一批", "2006年", "示例丙"],
            ["3", "Ⅷ-903", "试验制笔技艺", "安徽省宣城市宣州区", "省级", "第三批", "2010年7月", ""],
            ["4", "Ⅷ-904", "示例毛峰制作技艺", "安徽省黄山市黄山区", "国家级", "第二批", "2008年", "示例丁（已故）"],
            ["5", "Ⅷ-905", "示例铁画锻制技艺", "安徽省芜湖市", "国家级、省级", "第一批", "2006年", "示例戊 示例己"],
            ["6", "Ⅷ-906", "示例砚雕刻技艺", "安徽省歙县", "市级", "", "2012年", "示例庚"]]
    save_text("06-crafts.csv", rows, "utf-8", bom=b"\xef\xbb\xbf")
    expect("06-crafts.csv", "craft", 2, [
        rec("试验手工纸制作技艺", "340882", ich_number="Ⅷ-901", ich_level=["国家级"], masters=["示例甲", "示例乙"], listed=[2008, 2008]),
        rec("试验制墨技艺", "341004", ich_number="Ⅷ-902", ich_level=["省级"], masters=["示例丙"], listed=[2006, 2006]),
        rec("试验制笔技艺", "341802", ich_number="Ⅷ-903", ich_level=["省级"], listed=[2010, 2010]),
        rec("示例毛峰制作技艺", "341003", ich_number="Ⅷ-904", ich_level=["国家级"], listed=[2008, 2008]),
        rec("示例铁画锻制技艺", "340200", ich_number="Ⅷ-905", ich_level=["国家级", "省级"], listed=[2006, 2006]),
        rec("示例砚雕刻技艺", "341021", ich_number="Ⅷ-906", ich_level=["市级"], masters=["示例庚"], listed=[2012, 2012])])


def tours():
    rows = [["示例省工业旅游示范基地名单", "", "", "", "", "", "", ""],
            ["编号", "基地名称", "地市", "县区", "依托单位", "参观时长", "咨询电话", "适游季节"],
            ["1", "试验酒镇", "亳州市", "谯城区", "试验酒业股份有限公司", "2小时", "0558—5550011", "全年"],
            ["2", "试验茶博园", "六安", "霍山", "试验茶业公司", "90分钟", "0564-5550012", "春季"],
            ["3", "试验矿坑公园", "淮南", "八公山区", "试验矿业集团", "约1.5小时", "0554-5550013", "春、秋"],
            ["4", "示例汽车观光工厂", "芜湖", "鸠江区", "示例汽车公司", "1～1.5小时", "4000000014", ""],
            ["5", "示例玻璃工坊", "滁州", "凤阳", "示例玻璃厂", "", "无", ""]]
    save_text("07-tour-bases.csv", rows, "gb18030")
    expect("07-tour-bases.csv", "tour_site", 2, [
        rec("试验酒镇", "341602", visit=120, phone=["0558-5550011"], owner="试验酒业股份有限公司"),
        rec("试验茶博园", "341525", visit=90, phone=["0564-5550012"], owner="试验茶业公司"),
        rec("试验矿坑公园", "340405", visit=90, phone=["0554-5550013"]), rec("示例汽车观光工厂", "340207", phone=["4000000014"]),
        rec("示例玻璃工坊", "341126")])


def dms_unicode_text():
    points = {"试验水闸": (116.2736, 32.3434, "341522"), "试验糖厂": (116.9390, 31.4650, "341523"), "试验铁矿": (115.8734, 31.6838, "341524"),
              "示例渡槽": (116.3278, 31.4043, "341525"), "示例小三线厂": (116.3553, 30.8507, "340828"), "示例机械厂": (116.8236, 30.7374, "340822")}
    lon = {k: v[0] for k, v in points.items()}
    lat = {k: v[1] for k, v in points.items()}
    cells = {"试验水闸": f"东经{dms(lon['试验水闸'])}，北纬{dms(lat['试验水闸'])}", "试验糖厂": f"N{dms(lat['试验糖厂'], 1)} E{dms(lon['试验糖厂'], 1)}",
             "试验铁矿": f"北纬{dms(lat['试验铁矿']).replace('′', '分').replace('°', '度').replace('″', '秒')}，东经{dms(lon['试验铁矿']).replace('′', '分').replace('°', '度').replace('″', '秒')}",
             "示例渡槽": f"{lat['示例渡槽']},{lon['示例渡槽']}", "示例小三线厂": f"E{lon['示例小三线厂']}°\nN{lat['示例小三线厂']}°",
             "示例机械厂": f"{dms(lon['示例机械厂']).replace('′', chr(39)).replace('″', chr(34))} / {dms(lat['示例机械厂']).replace('′', chr(39)).replace('″', chr(34))}"}
    county = {"341522": "霍邱县", "341523": "舒城县", "341524": "金寨县", "341525": "霍山县", "340828": "岳西县", "340822": "怀宁县"}
    rows = [["序号", "文物点名称", "县区", "经纬度", "遗存现状"]]
    rows += [[f"{i + 1}", k, county[points[k][2]], cells[k], "保存一般"] for i, k in enumerate(points)]
    save_text("08-dms-unicode.txt", rows, "utf-16-le", comma="\t", bom=b"\xff\xfe")
    expect("08-dms-unicode.txt", "heritage", 1, [rec(k, v[2], lon=v[0], lat=v[1], tolerance=0.0003) for k, v in points.items()])


def gcj_sheets():
    book = Workbook()
    cover = book.active
    cover.title = "目录"
    cover["A1"] = "目录"
    cover["A2"], cover["A3"] = "1 芜湖市", "2 铜陵市"
    records, others = [], 0
    for city, rows in (("芜湖市", [("南陵县", "340223", "试验造船厂", 118.3318, 30.9218, "1956"), ("无为市", "340281", "试验纱厂", 117.9062, 31.3053, "1919"),
                                ("湾沚区", "340210", "试验水泥管厂", 118.5673, 31.1475, "1971")]),
                       ("铜陵市", [("枞阳县", "340722", "示例冶炼厂", 117.2166, 30.7030, "1953"), ("义安区", "340706", "示例选矿厂", 117.7869, 30.9546, "1966")])):
        sheet = book.create_sheet(city)
        sheet.append([f"{city}工业遗产点位表"])
        sheet.merge_cells("A1:F1")
        sheet.append(["序号", "区县", "名称", "经度（GCJ-02）", "纬度（GCJ-02）", "建成年份"])
        others += 2
        for i, (county, code, name, lon, lat, year) in enumerate(rows):
            x, y = gcj(lon, lat)
            sheet.append([i + 1, county, name, round(x, 6), round(y, 6), int(year)])
            records.append(rec(name, code, lon=lon, lat=lat, tolerance=0.00002, built=[int(year)] * 2))
        sheet.append([])
        sheet.append(["小计", None, f"{len(rows)}处"])
        others += 1
    save_xlsx(book, "09-gcj-sheets.xlsx")
    expect("09-gcj-sheets.xlsx", "heritage", others, records, ["目录"])


def years():
    cells = [("试验纱厂甲", "始建于1958年，1985年停产", [1958, 1958], [1985, 1985]), ("试验纱厂乙", "清光绪二十三年", [1897, 1897], None),
             ("试验纱厂丙", "民国24年", [1935, 1935], None), ("试验纱厂丁", "上世纪六十年代", [1960, 1969], None),
             ("试验纱厂戊", "建于1969年10月", [1969, 1969], None), ("试验纱厂己", "20世纪70年代末", [1977, 1979], None),
             ("试验纱厂庚", "1953年建厂，2003年破产关闭", [1953, 1953], [2003, 2003]), ("试验纱厂辛", "清乾隆年间", [1736, 1795], None),
             ("试验纱厂壬", "民国初年", [1912, None], None), ("试验纱厂癸", "１９５８年", [1958, 1958], None),
             ("示例窑址甲", "唐—宋", [618, 1279], None), ("示例窑址乙", "北宋", [960, 1127], None), ("示例窑址丙", "1965年动工，1968年建成", None, None),
             ("示例窑址丁", "不详", None, None), ("示例窑址戊", "“一五”时期", [1953, 1957], None), ("示例窑址己", "1958.3", [1958, 1958], None)]
    rows = [["名称", "建成及停产时间", "地点"]] + [[name, text, "繁昌区示例镇"] for name, text, _, _ in cells]
    save_text("10-years.csv", rows, "utf-8", line="\n")
    records = []
    for name, _, built, closed in cells:
        r = rec(name, "340212", slack=1)
        if built:
            r["built"] = built
        if closed:
            r["closed"] = closed
        records.append(r)
    expect("10-years.csv", "heritage", 1, records)


def english():
    rows = [["No.", "Site name (English)", "Site name (Chinese)", "City", "County/District", "Latitude", "Longitude", "Year built", "Year closed", "Protection level", "Notes"],
            ["1", "Test Copper Mine", "试验铜矿", "Tongling", "Yi'an District", "30.9546", "117.7869", "1952", "1999", "City", "open pit"],
            ["2", "Test Flour Mill", "试验面粉厂", "Suzhou", "Dangshan County", "34.4273", "116.3456", "1934", "", "County", ""],
            ["3", "Sample Brewery", "示例酿造厂", "Bozhou", "Guoyang County", "33.5043", "116.2062", "1955", "2005", "Provincial", "two halls"],
            ["4", "Sample Lock", "示例船闸", "Ma'anshan", "He County", "31.7185", "118.3576", "c. 1960", "", "", ""],
            ["", "", "Total: 4", "", "", "", "", "", "", "", ""]]
    save_text("11-english.csv", rows, "utf-8")
    expect("11-english.csv", "heritage", 2, [
        rec("试验铜矿", "340706", name_en="Test Copper Mine", lon=117.7869, lat=30.9546, built=[1952, 1952], closed=[1999, 1999], level="市"),
        rec("试验面粉厂", "341321", name_en="Test Flour Mill", lon=116.3456, lat=34.4273, built=[1934, 1934], level="县"),
        rec("示例酿造厂", "341621", name_en="Sample Brewery", lon=116.2062, lat=33.5043, built=[1955, 1955], closed=[2005, 2005], level="省"),
        rec("示例船闸", "340523", name_en="Sample Lock", lon=118.3576, lat=31.7185, built_in=1960)])


def provinces():
    groups = [("江苏省", [("试验纱厂旧址", "南通市", "320600"), ("试验面粉厂旧址", "无锡市", "320200")]),
              ("安徽省", [("试验钢厂旧址", "马鞍山市", "340500"), ("试验铜矿旧址", "铜陵市", "340700"), ("试验码头旧址", "芜湖市", "340200")]),
              ("山东省", [("试验啤酒厂旧址", "青岛市", "370200")])]
    body, i, records = "", 0, []
    for province, rows in groups:
        for k, (name, city, code) in enumerate(rows):
            i += 1
            first = f'<td rowspan="{len(rows)}">{province}</td>' if k == 0 else ""
            body += f"<tr><td>{i}</td><td>{name}</td>{first}<td>{city}</td><td>国家级</td><td>第六批</td></tr>\n"
            records.append(rec(name, code, level="国家", batch="6"))
    (HERE / "12-provinces.html").write_bytes(f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>名单</title></head><body>
<table border=1><caption>示例工业遗产名单（第六批）</caption><thead><tr><th>序号</th><th>项目名称</th><th>省（区、市）</th><th>市</th><th>级别</th><th>批次</th></tr></thead>
<tbody>{body}</tbody></table></body></html>""".encode("gb2312"))
    expect("12-provinces.html", "heritage", 1, records)


def odd_order():
    book = Workbook()
    sheet = book.active
    sheet.title = "2022"
    lines = [["滁州市工业遗存摸底表（续）"], ["备注", "建筑面积（平方米）", "纬度", "经度", "现状用途", "起始年份", "所在乡镇", "所属县区", "遗存名称"],
             ["", "１２００", "３２．４５２", "１１８．４２８", "闲置", "１９６８", "示例镇", "来安县", "试验农具厂（旧址）"],
             ["产权待查", "约3500", "32.0959", "118.2633", "仓库", "1956年", "示例乡", "全椒县", "试验粮站"],
             [], ["备注", "建筑面积（平方米）", "纬度", "经度", "现状用途", "起始年份", "所在乡镇", "所属县区", "遗存名称"],
             ["", "800", "32.5293", "117.6782", "同上", "1971年", "示例镇", "定远县", "示例盐井"],
             ["", "2,460.5", "32.8692", "117.5570", "厂房", "1958", "同上", "凤阳县", "示例石英厂"],
             ["", "0.8万", "32.6835", "119.0059", "文创园", "1975", "示例街道", "天长市", "示例仪表厂"],
             ["合计5处", "", "", "", "", "", "", "", ""]]
    for line in lines:
        sheet.append([v or None for v in line])
    sheet.merge_cells("A1:I1")
    save_xlsx(book, "13-odd-order.xlsx")
    expect("13-odd-order.xlsx", "heritage", 4, [
        rec("试验农具厂（旧址）", "341122", lon=118.428, lat=32.452, built=[1968, 1968], area="1200", use="闲置"),
        rec("试验粮站", "341124", lon=118.2633, lat=32.0959, built=[1956, 1956], area="3500", use="仓库"),
        rec("示例盐井", "341125", lon=117.6782, lat=32.5293, built=[1971, 1971], area="800", use="仓库"),
        rec("示例石英厂", "341126", lon=117.5570, lat=32.8692, built=[1958, 1958], area="2460.5", use="厂房"),
        rec("示例仪表厂", "341181", lon=119.0059, lat=32.6835, built=[1975, 1975], area="8000", use="文创园")])


def footnotes():
    rows = [["宿州市老厂名录", "", "", ""], ["工业遗产", "县（区）", "时代", "隶属行业"],
            ["1.试验煤矿副井*", "埇桥区", "1961年", "煤炭"], ["2.试验罐头厂", "砀山县", "1958年", "食品"], ["3.试验酒厂**", "萧县", "明", "白酒"],
            ["（四）试验石膏矿", "灵璧县", "1978年", ""], ["五、试验棉纺厂*", "泗县", "1974年", "纺织"], ["⑥试验水泥厂", "埇桥区", "1970年", "水泥"],
            ["", "", "", ""], ["注：*为省级文物保护单位。", "", "", ""], ["**为全国重点文物保护单位。", "", "", ""]]
    save_docx("14-footnotes.docx", ["宿州市示例局"], [rows[0][0], *rows[1:]], ["（共印50份）"])
    expect("14-footnotes.docx", "heritage", 4, [
        rec("试验煤矿副井", "341302", built=[1961, 1961], industry="B06"), rec("试验罐头厂", "341321", built=[1958, 1958]),
        rec("试验酒厂", "341322", built=[1368, 1644], slack=1, industry="C15"), rec("试验石膏矿", "341323", built=[1978, 1978]),
        rec("试验棉纺厂", "341324", built=[1974, 1974], industry="C17"), rec("试验水泥厂", "341302", built=[1970, 1970], industry="C30")])


if __name__ == "__main__":
    for write in (city_survey, web_gbk, sections_docx, gov_page, museums, crafts, tours, dms_unicode_text, gcj_sheets, years, english,
                  provinces, odd_order, footnotes):
        write()
    (HERE / "expected.json").write_text(json.dumps(EXPECTED, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(len(EXPECTED), "files,", sum(len(e["records"]) for e in EXPECTED), "records")
