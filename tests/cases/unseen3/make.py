#!/usr/bin/env python3
"""Writes the lists of this folder, each shaped like a published list of its kind.

The names are of real kinds and the shapes are those of real notices; the facts are made for the test.
Only the standard library is used, so that the bytes are the same on every machine."""
import json
import os
import zipfile
from xml.sax.saxutils import escape

HERE = os.path.dirname(os.path.abspath(__file__))


def put(name, data):
    with open(os.path.join(HERE, name), "wb") as f:
        f.write(data)


def pack(name, parts):
    with zipfile.ZipFile(os.path.join(HERE, name), "w", zipfile.ZIP_DEFLATED) as z:
        for path, text in parts:
            info = zipfile.ZipInfo(path, (2024, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            z.writestr(info, text.encode("utf-8"))


def col(n):
    return chr(65 + n)


def xlsx(name, sheets):
    """sheets: (title, rows, merges); a row is a list of None, text or number."""
    types = rels = book = ""
    parts = []
    for i, (title, rows, merges) in enumerate(sheets, 1):
        out = []
        for r, row in enumerate(rows, 1):
            cells = ""
            for c, v in enumerate(row):
                if v is None:
                    continue
                ref = f"{col(c)}{r}"
                if isinstance(v, (int, float)):
                    cells += f'<c r="{ref}"><v>{v}</v></c>'
                else:
                    cells += f'<c r="{ref}" t="inlineStr"><is><t xml:space="preserve">{escape(v)}</t></is></c>'
            out.append(f'<row r="{r}">{cells}</row>')
        mc = "".join(f'<mergeCell ref="{m}"/>' for m in merges)
        mc = f'<mergeCells count="{len(merges)}">{mc}</mergeCells>' if merges else ""
        parts.append((f"xl/worksheets/sheet{i}.xml", '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>' + "".join(out) + f"</sheetData>{mc}</worksheet>"))
        types += f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        rels += f'<Relationship Id="rId{i}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{i}.xml"/>'
        book += f'<sheet name="{escape(title)}" sheetId="{i}" r:id="rId{i}"/>'
    head = [
        ("[Content_Types].xml", '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>' + types + "</Types>"),
        ("_rels/.rels", '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'),
        ("xl/workbook.xml", '<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>' + book + "</sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">' + rels + "</Relationships>"),
    ]
    pack(name, head + parts)


def para(text, split=False):
    if split and len(text) > 4:  # Word splits a line into runs where somebody edited it
        bits = [text[:3], text[3:]]
    else:
        bits = [text]
    return "<w:p>" + "".join(f'<w:r><w:t xml:space="preserve">{escape(b)}</w:t></w:r>' for b in bits) + "</w:p>"


def cell(v):
    """None: continued from above; (text, n): spans n columns; ('v', text): starts a vertical merge."""
    pr = ""
    if v is None:
        pr, text = "<w:vMerge/>", ""
    elif isinstance(v, tuple) and v[0] == "v":
        pr, text = '<w:vMerge w:val="restart"/>', v[1]
    elif isinstance(v, tuple):
        pr, text = f'<w:gridSpan w:val="{v[1]}"/>', v[0]
    else:
        text = v
    return f"<w:tc><w:tcPr>{pr}</w:tcPr>" + "".join(para(t, True) for t in text.split("\n")) + "</w:tc>"


def docx(name, blocks):
    body = ""
    for b in blocks:
        if isinstance(b, str):
            body += para(b, True)
        else:
            width = max(sum(v[1] if isinstance(v, tuple) and v[0] != "v" else 1 for v in row) for row in b)
            body += "<w:tbl><w:tblGrid>" + "<w:gridCol/>" * width + "</w:tblGrid>" + "".join("<w:tr>" + "".join(cell(v) for v in row) + "</w:tr>" for row in b) + "</w:tbl>"
    pack(name, [
        ("[Content_Types].xml", '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'),
        ("_rels/.rels", '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'),
        ("word/document.xml", '<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>' + body + "</w:body></w:document>"),
    ])


# 1. The ministry's notice: a page laid out by tables, the list within it; core items in one cell.
def notice(name):
    rows = [
        ("1", "泾县宣纸厂", "安徽省宣城市泾县", "原料加工区（晒滩、石碓、蒸锅）、捞纸车间、晒纸车间、检验车间；水碓2座；“红星”商标档案（1956—1980年）"),
        ("2", "佛子岭水库大坝", "安徽省六安市霍山县", "佛子岭水库大坝（连拱坝，21个垛墙、20个拱）；水电站厂房及1—5号机组；治淮指挥部旧址、苏式专家楼"),
        ("3", "歙县老胡开文墨厂", "安徽省黄山市歙县", "点烟车间、制墨车间、晾墨车间；墨模（含“八宝奇珍”等7000余副）；1956年公私合营文件"),
        ("4", "铜官山铜矿遗址", "安徽省铜陵市铜官区", "露天采坑、1号竖井、选矿车间、冶炼厂（一冶）铜冶炼炉；第一块铜锭浇铸地"),
        ("5", "马鞍山钢铁公司（老区）", "安徽省马鞍山市雨山区、花山区", "9号高炉；车轮轮箍厂（含2台水压机）；江边取水口"),
        ("6", "大通煤矿", "安徽省淮南市大通区", "东风井、西风井；万人坑、水牢、窑神庙；机修车间2座"),
    ]
    body = "".join("<tr style='height:22pt'>" + "".join(f'<td class="MsoNormal"><p align="center"><span lang="EN-US">{v}</span></p></td>' if i == 0 else f"<td><p><span>{v}</span></p></td>" for i, v in enumerate(r)) + "</tr>" for r in rows)
    html = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>关于公布第五批国家工业遗产名单的通告</title>
<style>td{{border:1px solid #000}}</style><script>var a="<table><tr><td>x</td></tr></table>";</script></head><body>
<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/xxgk">信息公开</a></li></ul></div>
<table class="xxgk"><tr><td>发文机关：</td><td>工业和信息化部</td><td>成文日期：</td><td>2021-12-08</td></tr>
<tr><td>标　　题：</td><td colspan="3">关于公布第五批国家工业遗产名单的通告</td></tr></table>
<table width="960"><tr><td>
<h1>关于公布第五批国家工业遗产名单的通告</h1>
<p>根据《国家工业遗产管理暂行办法》，经企业申请、地方推荐、专家评审、网上公示等程序，现将第五批国家工业遗产名单予以公布。</p>
<p>附件：第五批国家工业遗产名单</p><p align="right">2021年12月8日</p>
<p align="center"><b>国家工业遗产名单（第五批）</b></p>
<table border="1"><tbody><tr><td><b>序号</b></td><td><b>名&nbsp;称</b></td><td><b>地&nbsp;址</b></td><td><b>核心物项</b></td></tr>{body}</tbody></table>
</td></tr></table><div class="foot">扫一扫在手机打开当前页 | 打印 | 关闭窗口<br>主办单位：工业和信息化部</div></body></html>"""
    put(name, html.encode("utf-8"))


# 2. Protected sites of the nation and province: GBK, line breaks in cells, sections as lines of their own.
def protected(name):
    text = """第三批安徽省工业类文物保护单位名录（摘录）,,,,,
序号,编号,名　称,时　代,地　　址,类　型
一、全国重点文物保护单位（共4处）,,,,,
1,7-1725-5-118,"国润祁红老厂
房",1951年,安徽省池州市贵池区,近现代重要史迹及代表性建筑
2,8-0630-5-023,佛子岭水库连拱坝,1952—1954年,安徽省六安市霍山县,近现代重要史迹及代表性建筑
3,6-0098-1-098,繁昌窑遗址,五代至北宋,"安徽省芜湖市
繁昌区",古遗址
4,4-0050-1-050,寿州窑遗址,南朝至唐,安徽省淮南市大通区、田家庵区,古遗址
二、省级文物保护单位（共5处）,,,,,
5,8-312,安庆内军械所旧址,清咸丰十一年（1861年）,安徽省安庆市迎江区,近现代重要史迹及代表性建筑
6,8-315,津浦铁路淮河大铁桥,清宣统元年（1909年）,安徽省蚌埠市淮上区、龙子湖区,近现代重要史迹及代表性建筑
7,8-320,益新面粉公司旧址,"1890—1894年
",安徽省芜湖市镜湖区,近现代重要史迹及代表性建筑
8,8-321,"贵池煤矿
（馒头山煤矿）旧址",民国,安徽省池州市贵池区,近现代重要史迹及代表性建筑
9,8-322,裕溪口煤港老码头,1940年代,安徽省芜湖市鸠江区,近现代重要史迹及代表性建筑
"""
    put(name, text.replace("\n", "\r\n").replace("国润祁红老厂\r\n房", "国润祁红老厂\n房").replace("芜湖市\r\n", "芜湖市\n").encode("gb18030"))


# 3. A provincial roll of intangible heritage: sections, Roman ordinals, one item kept by several places.
def roll(name):
    docx(name, [
        "附件", "第五批省级非物质文化遗产代表性项目名录", "（共计10项）", "七、传统美术（共计3项）",
        [["序号", "编号", "项目名称", "申报地区或单位"],
         ["1", "Ⅶ-35", "灵璧钟馗画", "灵璧县"],
         ["2", "Ⅶ-36", "阜阳剪纸", "阜阳市颍州区"],
         ["3", "Ⅶ-37", "芜湖铁画", "芜湖市鸠江区"]],
        "八、传统技艺（共计7项）",
        [["序号", "编号", "项目名称", "申报地区或单位"],
         ["4", "Ⅷ-96", "桑皮纸制作技艺", "岳西县文化馆"],
         ["5", "Ⅷ-97", "宣笔制作技艺", "宣城市泾县"],
         ["6", "Ⅷ-98", "古井贡酒酿造技艺", "安徽古井贡酒股份有限公司（亳州市）"],
         ["7", "Ⅷ-99", "绿茶制作技艺\n（黄山毛峰）", "黄山市徽州区"],
         [("v", "8"), ("v", "Ⅷ-100"), ("v", "竹编（舒席）"), "舒城县"],
         [None, None, None, "六安市霍山县"],
         ["9", "Ⅷ-101", "界首彩陶烧制技艺", "界首市"],
         ["10", "Ⅷ-102", "万安罗盘制作技艺", "休宁县"]],
    ])


# 4. A newspaper's page: numbered paragraphs, no table at all.
def press(name):
    html = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>安徽省工业博物馆名单来了！</title></head><body>
<h1>安徽省工业博物馆名单来了！</h1><p>来源：安徽日报&nbsp;&nbsp;2023-05-18&nbsp;&nbsp;编辑：张三</p>
<p>&emsp;&emsp;5月18日是国际博物馆日。记者从省经济和信息化厅获悉，我省公布首批工业博物馆名单，共8家。</p>
<p>&emsp;&emsp;1.中国宣纸博物馆（宣城市泾县）</p>
<p>&emsp;&emsp;2.古井酒文化博物馆（亳州市谯城区）</p>
<p>&emsp;&emsp;3.铜陵市铜文化博物馆（铜陵市铜官区）</p>
<p>&emsp;&emsp;4.马钢展示馆（马鞍山市雨山区）</p>
<p>&emsp;&emsp;5.淮北煤矿工业博物馆（淮北市相山区）</p>
<p>&emsp;&emsp;6.祁红博物馆（黄山市祁门县）</p>
<p>&emsp;&emsp;7.口子窖酒文化博览园（淮北市濉溪县）</p>
<p>&emsp;&emsp;8.江淮汽车博物馆（合肥市包河区）</p>
<p>&emsp;&emsp;下一步，我省将推动工业博物馆向公众开放。（记者&nbsp;李四）</p>
<p>责任编辑：王五</p></body></html>"""
    put(name, html.encode("gbk"))


# 5. A city bureau's workbook: merged city and county at the left, two header lines, notes and sign-off.
def bureau(name):
    xlsx(name, [("汇总表", [
        ["附件1"],
        ["芜湖市、马鞍山市工业遗产资源摸底调查汇总表"],
        ["填报单位（盖章）：市经信局", None, None, None, None, None, None, "单位：处、平方米"],
        ["市", "县（市、区）", "序号", "工业遗产基本信息", None, None, None, "保护利用", None, "备注"],
        [None, None, None, "名称", "建成时间", "所属行业", "占地面积", "保存状况", "现用途", None],
        ["芜湖市", "镜湖区", 1, "芜湖造船厂老厂区", "1900年", "船舶制造", 120000, "较好", "文创园", None],
        [None, None, 2, "明远电厂旧址", "光绪三十四年", "电力", "8600㎡", "一般", "闲置", "烟囱已拆"],
        [None, "弋江区", 3, "芜湖卷烟厂仓库", "1958", "烟草", 5300, "良好", "仓库", None],
        [None, None, 4, "芜湖钢铁厂", "1958年9月", "黑色金属冶炼", 460000, "较差", "停用", None],
        [None, "小计", None, "4处", None, None, 593900, None, None, None],
        ["马鞍山市", "雨山区", 5, "马钢第一烧结厂", "50年代末", "钢铁", 75000, "好", "生产", None],
        [None, None, 6, "向山硫铁矿", "1938年", "采矿业", "约32公顷", "差", "废弃", None],
        [None, "当涂县", 7, "当涂大理石厂", "1972年", "非金属矿物制品业", 15000, "一般", "闲置", "产权在镇政府"],
        [None, "含山县", 8, "东关水泥厂", "1970—1985年", "水泥", None, "一般", "工业生产", None],
        ["合计", None, None, "8处", None, None, None, None, None, None],
        ["填报人：王某　　　　联系电话：0553-0000000　　　　填表日期：2023年6月30日"],
        ["注：1.占地面积按不动产登记证填写；2.保存状况填好、较好、一般、较差、差。"],
    ], ["A2:J2", "A3:G3", "H3:J3", "A4:A5", "B4:B5", "C4:C5", "D4:G4", "H4:I4", "J4:J5", "A6:A10", "B6:B7", "B8:B9", "B10:C10", "A11:A14", "B11:B12", "A15:C15", "A16:J16", "A17:J17"]),
        ("填表说明", [["填表说明"], ["一、名称：写全称。"], ["二、建成时间：写到年。"]], [])])


# 6. A sheet saved as .xls that is a web page inside.
def saved_page(name):
    rows = [("合肥市", "安徽名人馆与合柴1972工业旅游区", "合肥市合柴文创产业管理有限公司", "包河区"),
            (None, "合肥荣事达工业旅游区", "合肥荣事达电子电器集团有限公司", "经开区"),
            ("亳州市", "古井党建企业文化馆", "安徽古井贡酒股份有限公司", "谯城区"),
            (None, "济人中药工业旅游基地", "安徽济人药业股份有限公司", "谯城区"),
            ("宣城市", "中国宣纸小镇", "中国宣纸股份有限公司", "泾县"),
            (None, "青龙湾原生态茶博园", "安徽青龙湾茶业有限公司", "宁国市"),
            ("黄山市", "谢裕大茶文化旅游区", "谢裕大茶叶股份有限公司", "徽州区")]
    span = {"合肥市": 2, "亳州市": 2, "宣城市": 2, "黄山市": 1}
    body = ""
    for i, (city, n, firm, county) in enumerate(rows, 1):
        body += "<tr height=25 style='height:18.75pt'>" + f"<td class=xl66 x:num>{i}</td>"
        body += f"<td rowspan={span[city]} class=xl67>{city}</td>" if city else ""
        body += f"<td class=xl68>{n}</td><td class=xl68>{firm}</td><td>{county}</td><td></td></tr>\n"
    html = f"""<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=ProgId content=Excel.Sheet><meta name=Generator content="WPS Office ET">
<!--[if gte mso 9]><xml><x:ExcelWorkbook><x:ExcelWorksheets><x:ExcelWorksheet><x:Name>Sheet1</x:Name></x:ExcelWorksheet></x:ExcelWorksheets></x:ExcelWorkbook></xml><![endif]-->
<style>.xl66{{mso-number-format:"0"}}</style></head><body link=blue vlink=purple>
<table x:str border=0 cellpadding=0 cellspacing=0 width=900>
<tr><td colspan=6 class=xl65>2023年安徽省工业旅游示范基地名单</td></tr>
<tr><td>序号</td><td>市</td><td>示范基地名称</td><td>运营主体</td><td>所在县区</td><td>备注</td></tr>
{body}<![if supportMisalignedColumns]><tr height=0 style='display:none'><td width=64></td></tr><![endif]></table></body></html>"""
    put(name, html.encode("utf-8"))


# 7. A table taken out of a PDF: words split by spaces, page numbers, the header again on every page.
def debris(name):
    text = """安 徽 省 第 二 批 省 级 工 业 遗 产 名 单,,,,
,,,,
序 号,遗 产 名 称,所 在 地,建 成 年 代,核 心 物 项
1,合肥矿山机器厂,合 肥 市 瑶 海 区,1951 年,铸造车间、苏式办公楼、 龙门刨床
2,安 庆 石 化 老 厂 区,安 庆 市 大 观 区,1974 年,常减压蒸馏装置
3,淮 南 田 家 庵 电 厂,淮 南 市 田 家 庵 区,1941 年,1 号汽轮发电机组、冷却塔
4,蚌埠卷烟厂,蚌 埠 市 蚌 山 区,1942年,制丝车间、老仓库
— 1 —,,,,
序 号,遗 产 名 称,所 在 地,建 成 年 代,核 心 物 项
5,滁 州 扬 子 冰 箱 厂,滁 州 市 琅 琊 区,1980 年,冰箱总装线
6,屯 溪 茶 厂,黄 山 市 屯 溪 区,20 世纪 50 年代,拣场、 烘房、 匀堆车间
7,泾县水 东 煤 矿,宣 城 市 宣 州 区,1958 年,主井井架
2,,,,
序 号,遗 产 名 称,所 在 地,建 成 年 代,核 心 物 项
8,口 子 窖 酒 厂 老 窖 池,淮 北 市 濉 溪 县,元末明初,老窖池群、地下酒库
第 3 页 共 3 页,,,,
"""
    put(name, b"\xef\xbb\xbf" + text.encode("utf-8"))


# 8. A Word table whose first row is the title; ownership and free entry of museums.
def title_inside(name):
    docx(name, [
        [[("安徽省博物馆名录（工业、行业类）", 6)],
         [("截止日期：2022年12月31日", 6)],
         ["序号", "博物馆名称", "博物馆性质", "质量等级", "是否免费开放", "地址"],
         ["1", "安徽源泉徽文化民俗博物馆", "非国有", "二级", "否", "合肥市长丰县双凤开发区"],
         ["2", "铜陵市博物馆", "文物系统国有", "二级", "是", "铜陵市铜官区石城大道中段2626号"],
         ["3", "淮北市博物馆（隋唐大运河博物馆）", "文物系统国有", "一级", "免费", "淮北市相山区博物馆路1号"],
         ["4", "古井酒文化博物馆", "其他行业国有", "未定级", "否", "亳州市谯城区古井镇"],
         ["5", "歙县徽墨博物馆", "非国有", "无级别", "是", "黄山市歙县徽城镇新安路"],
         ["6", "安徽中国稻米博物馆", "非国有", "三级", "是", "芜湖市南陵县许镇镇"],
         [("制表：省文物局博物馆处", 6)]],
    ])


# 9. A Word list in plain paragraphs.
def paragraphs(name):
    docx(name, [
        "合肥市第一批工业遗产名单", "（按始建年代排序）",
        "1. 合肥钢铁厂（合肥市瑶海区，1958年）",
        "2. 安徽纺织总厂（合肥市瑶海区，1954年）",
        "3. 合肥柴油机厂（合肥市包河区，1952年）",
        "4. 巢湖化工厂（巢湖市，1966年）",
        "5. 合肥化肥厂（合肥市庐阳区，1958年）",
        "6. 巢县铸造厂旧址（巢湖市，1956年）",
        "7. 骆岗机场航站楼（合肥市包河区，1977年）",
        "合肥市经济和信息化局", "2022年11月16日",
    ])


# 10. Points of a survey application.
def survey(name):
    pts = [("池州机床厂", "池州市贵池区", "1966年", "完整", "厂房3栋", 117.4891, 30.6521, "SZ-001"),
           ("殷汇粮站仓库", "池州市贵池区", "1954年", "较完整", "苏式仓4座", 117.4012, 30.5213, "SZ-002"),
           ("祁门瓷厂", "黄山市祁门县", "1958年", "一般", "窑炉", 117.7203, 29.8541, "SZ-003"),
           ("东至化肥厂", "池州市东至县", "1970年", "较差", "", 117.0213, 30.1102, "SZ-004"),
           ("青阳丝绸厂", "池州市青阳县", "1972年", "一般", "锯齿形厂房", 117.8471, 30.6402, "SZ-005")]
    marks = ""
    for n, d, y, c, note, x, y0, i in pts:
        marks += f"""<Placemark id="{i}"><name>{n}</name><TimeStamp><when>2023-04-0{i[-1]}T09:21:00+08:00</when></TimeStamp><styleUrl>#p</styleUrl>
<ExtendedData><Data name="普查点编号"><value>{i}</value></Data><Data name="所在县区"><value>{d}</value></Data><Data name="建设年代"><value>{y}</value></Data><Data name="保存状况"><value>{c}</value></Data><Data name="现场描述"><value>{note}</value></Data><Data name="海拔"><value>31.2</value></Data></ExtendedData>
<Point><coordinates>{x},{y0},31.2</coordinates></Point></Placemark>\n"""
    put(name, f"""<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>池州工业遗产调查</name><Style id="p"><IconStyle><scale>1.1</scale></IconStyle></Style>
<Folder><name>工业遗产点</name>{marks}</Folder></Document></kml>""".encode("utf-8"))


# 11. A map's points with English names in camel case.
def camel(name):
    pts = [("Huainan Datong Coal Mine", "大通煤矿", "Datong District", "Huainan", 1911, "abandoned", 117.052, 32.631),
           ("Wuhu Yixin Flour Mill", "益新面粉厂", "Jinghu District", "Wuhu", 1890, "museum", 118.362, 31.347),
           ("Tongguanshan Copper Mine", "铜官山铜矿", "Tongguan District", "Tongling", 1952, "vacant", 117.824, 30.927),
           ("Foziling Dam", "佛子岭水库大坝", "Huoshan County", "Lu'an", 1954, "in operation", 116.276, 31.342),
           ("Bengbu Flour Factory", "蚌埠面粉厂", "Bengshan District", "Bengbu", 1920, "demolished", 117.37, 32.931)]
    feats = [{"type": "Feature", "id": 100 + i, "properties": {"siteName": e, "siteNameZh": z, "district": d, "city": c, "yearBuilt": y, "currentUse": u, "lastEdited": 1684368000000, "objectId": i}, "geometry": {"type": "Point", "coordinates": [x, y0]}}
             for i, (e, z, d, c, y, u, x, y0) in enumerate(pts, 1)]
    put(name, json.dumps({"type": "FeatureCollection", "name": "industrialHeritageSites", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}, "features": feats}, ensure_ascii=False, indent=1).encode("utf-8"))


# 12. A third-survey table: degrees and minutes in columns under spanning headers.
def survey_sheet(name):
    xlsx(name, [("Sheet1", [
        ["不可移动文物（工业建筑及附属物）登记汇总表"],
        ["普查点编号", "名称", "乡镇", "年代", "东经", None, "北纬", None, "保护级别", "所有权", "保存现状"],
        [None, None, None, None, "度", "分", "度", "分", None, None, None],
        ["340826-0012", "宿松二郎河老酒坊", "安庆市宿松县二郎镇", "民国十九年（1930年）", 116, 7.25, 30, 11.4, "县保", "集体所有", "一般"],
        ["340826-0013", "下仓闸", "安庆市宿松县下仓镇", "1958年", 116, 20.1, 30, 3.5, "未定级", "国家所有", "较好"],
        ["340826-0044", "凉亭水电站", "安庆市宿松县凉亭镇", "1966-1969年", 116, 10, 30, 16.75, "市保", "国家所有", "好"],
        ["340826-0051", "复兴镇榨油厂", "安庆市宿松县复兴镇", "清光绪年间", 116, 14.6, 29, 53.2, "省保", "个人所有", "较差"],
        ["340826-0060", "华阳河农场轧花厂", "安庆市宿松县", "上世纪六十年代", 116, 31.5, 30, 1.2, "县保", "国家所有", "差"],
    ], ["A1:K1", "A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:F2", "G2:H2", "I2:I3", "J2:J3", "K2:K3"])])


# 13. The tourism office's list: the cities as lines with counts, two bases a row.
def by_city(name):
    html = """<html><head><meta charset="utf-8"></head><body><h2>安徽省文化和旅游厅关于公布省级工业旅游示范基地的公告</h2>
<p>经评定，以下单位达到《工业旅游示范基地规范与评价》标准，现予公布。</p>
<table><tr><th>序号</th><th>单位名称</th><th>等级</th><th>公布文号</th></tr>
<tr><td colspan="4">合肥市（2家）</td></tr>
<tr><td>1</td><td>合肥市包河区合柴1972文创园</td><td>省级</td><td rowspan="6">皖文旅函〔2022〕118号</td></tr>
<tr><td>2</td><td>安徽白帝乳业工业旅游区</td><td>省级</td></tr>
<tr><td colspan="3">宿州市（1家）</td></tr>
<tr><td>1</td><td>砀山梨树王罐头工业旅游基地</td><td>省级</td></tr>
<tr><td colspan="3">六安市（2家）</td></tr>
<tr><td>1</td><td>迎驾酒业生态园</td><td>国家级</td></tr>
<tr><td>2</td><td>六安瓜片茶文化产业园</td><td>省级</td><td></td></tr>
</table><p>安徽省文化和旅游厅</p><p>2022年9月1日</p></body></html>"""
    put(name, html.encode("utf-8"))


# 14. A neighbour's provincial list as Excel's “Unicode text”.
def neighbour(name):
    rows = [["江苏省工业遗产名单（第一批）"], ["序号", "设区市", "工业遗产名称", "权属单位", "主要遗存", "始建时间"],
            ["1", "南京", "金陵机器制造局", "南京晨光集团有限责任公司", "机器正厂、机器右厂、木厂大楼等建筑", "1865年"],
            ["2", "南京", "永利化学工业公司铔厂", "中国石化集团南京化学工业有限公司", "硝酸吸收塔、老码头", "1934年"],
            ["3", "无锡", "茂新面粉厂", "无锡中国民族工商业博物馆", "麦仓、制粉车间、办公楼", "1900年"],
            ["4", "南通", "大生纱厂", "江苏大生集团有限公司", "钟楼、公事厅、清花间厂房", "1895年"],
            ["5", "常州", "大明纱厂", "常州国棉二厂", "老厂房、“大明”商标", "1921年"],
            ["6", "苏州", "鸿生火柴厂", "苏州鸿生火柴厂", "办公楼、水塔", "1920年"]]
    put(name, b"\xff\xfe" + "\r\n".join("\t".join(r + [""] * (6 - len(r))) for r in rows).encode("utf-16-le"))


# What a careful person would enter. `name` and `division` may be a list: any of them will do.
CASES = []


def case(file, type_name, records, others=0, outside=()):
    CASES.append({"file": file, "type": type_name, "others": others, "outside": list(outside), "records": records})


def expect():
    n = {"level": "国家", "batch": 5}
    case("01-ministry-notice.html", "heritage", [
        {"name": "泾县宣纸厂", "division": "341823", "core": ["原料加工区", "“红星”商标档案（1956—1980年）"], **n},
        {"name": "佛子岭水库大坝", "division": "341525", "core": ["佛子岭水库大坝（连拱坝，21个垛墙、20个拱）", "苏式专家楼"], **n},
        {"name": "歙县老胡开文墨厂", "division": "341021", "core": ["点烟车间", "墨模"], **n},
        {"name": "铜官山铜矿遗址", "division": "340705", "core": ["露天采坑", "第一块铜锭浇铸地"], **n},
        {"name": "马鞍山钢铁公司（老区）", "division": ["340504；340503", "340503；340504"], "core": "9号高炉", **n},
        {"name": "大通煤矿", "division": "340402", "core": ["东风井", "窑神庙"], **n}])
    g, s = {"relic": "全国重点文物保护单位"}, {"relic": "省级文物保护单位"}
    case("02-protected-sites-gbk.csv", "heritage", [
        {"name": "国润祁红老厂房", "division": "341702", "built": [1951, None], "says": ["7-1725-5-118", "近现代重要史迹及代表性建筑"], **g},
        {"name": "佛子岭水库连拱坝", "division": "341525", "built": [1952, 1954], **g},
        {"name": "繁昌窑遗址", "division": "340212", "says": ["五代至北宋", "古遗址"], **g},
        {"name": "寿州窑遗址", "division": ["340402；340403", "340403；340402"], "says": ["南朝至唐"], **g},
        {"name": "安庆内军械所旧址", "division": "340802", "built": [1861, None], **s},
        {"name": "津浦铁路淮河大铁桥", "division": ["340311；340302", "340302；340311"], "built": [1909, None], **s},
        {"name": "益新面粉公司旧址", "division": "340202", "built": [1890, 1894], **s},
        {"name": "贵池煤矿（馒头山煤矿）旧址", "division": "341702", "says": ["民国"], **s},
        {"name": "裕溪口煤港老码头", "division": "340207", "built": [1940, 1949], **s}], others=2)
    p = {"ich_level": "省"}
    case("03-ich-roll.docx", "craft", [
        {"name": "灵璧钟馗画", "division": "341323", "ich_number": "Ⅶ-35", "craft_kind": "工艺美术", **p},
        {"name": "阜阳剪纸", "division": "341202", "ich_number": "Ⅶ-36", **p},
        {"name": "芜湖铁画", "division": "340207", "ich_number": "Ⅶ-37", **p},
        {"name": "桑皮纸制作技艺", "division": "340828", "ich_number": "Ⅷ-96", "says": ["岳西县文化馆", "传统技艺"], **p},
        {"name": "宣笔制作技艺", "division": "341823", "ich_number": "Ⅷ-97", **p},
        {"name": "古井贡酒酿造技艺", "division": "341600", "ich_number": "Ⅷ-98", "says": ["安徽古井贡酒股份有限公司"], **p},
        {"name": "绿茶制作技艺（黄山毛峰）", "division": "341004", "ich_number": "Ⅷ-99", **p},
        {"name": "竹编（舒席）", "division": ["341523；341525", "341525；341523"], "ich_number": "Ⅷ-100", **p},
        {"name": "界首彩陶烧制技艺", "division": "341282", "ich_number": "Ⅷ-101", **p},
        {"name": "万安罗盘制作技艺", "division": "341022", "ich_number": "Ⅷ-102", **p}])
    case("04-press.html", "museum", [{"name": n, "division": d} for n, d in (
        ("中国宣纸博物馆", "341823"), ("古井酒文化博物馆", "341602"), ("铜陵市铜文化博物馆", "340705"), ("马钢展示馆", "340504"),
        ("淮北煤矿工业博物馆", "340603"), ("祁红博物馆", "341024"), ("口子窖酒文化博览园", "340621"), ("江淮汽车博物馆", "340111"))])
    case("05-bureau.xlsx", "heritage", [
        {"name": "芜湖造船厂老厂区", "division": "340202", "built": [1900, None], "land": "120000", "condition": "较好", "use": "文创园", "says": ["船舶"]},
        {"name": "明远电厂旧址", "division": "340202", "built": [1908, None], "land": "8600", "condition": "一般", "use": "闲置", "says": ["烟囱已拆"]},
        {"name": "芜湖卷烟厂仓库", "division": "340209", "built": [1958, None], "land": "5300", "condition": "好", "use": "仓"},
        {"name": "芜湖钢铁厂", "division": "340209", "built": [1958, None], "land": "460000", "condition": "较差", "industry": "黑色金属冶炼"},
        {"name": "马钢第一烧结厂", "division": "340504", "built_in": 1958, "land": "75000", "use": "生产"},
        {"name": "向山硫铁矿", "division": "340504", "built": [1938, None], "land": "320000", "condition": "差", "use": "废弃"},
        {"name": "当涂大理石厂", "division": "340521", "built": [1972, None], "land": "15000", "says": ["产权在镇政府"]},
        {"name": "东关水泥厂", "division": "340522", "built": [1970, None], "says": ["1985"], "industry": "C301"}], others=3, outside=["填表说明"])
    b = {"recognition": "工业旅游示范基地"}
    case("06-bases.xls", "tour_site", [
        {"name": "安徽名人馆与合柴1972工业旅游区", "division": "340111", "owner": "合肥市合柴文创产业管理有限公司", **b},
        {"name": "合肥荣事达工业旅游区", "division": "340100", "owner": "合肥荣事达电子电器集团有限公司", "says": ["经开区"], **b},
        {"name": "古井党建企业文化馆", "division": "341602", "owner": "安徽古井贡酒股份有限公司", **b},
        {"name": "济人中药工业旅游基地", "division": "341602", "owner": "安徽济人药业股份有限公司", **b},
        {"name": "中国宣纸小镇", "division": "341823", "owner": "中国宣纸股份有限公司", **b},
        {"name": "青龙湾原生态茶博园", "division": "341881", "owner": "安徽青龙湾茶业有限公司", **b},
        {"name": "谢裕大茶文化旅游区", "division": "341004", "owner": "谢裕大茶叶股份有限公司", **b}])
    n = {"level": "省", "batch": 2}
    case("07-from-pdf.csv", "heritage", [
        {"name": "合肥矿山机器厂", "division": "340102", "built": [1951, None], "core": ["铸造车间", "龙门刨床"], **n},
        {"name": "安庆石化老厂区", "division": "340803", "built": [1974, None], "core": "常减压蒸馏装置", **n},
        {"name": "淮南田家庵电厂", "division": "340403", "built": [1941, None], "core": "1号汽轮发电机组", **n},
        {"name": "蚌埠卷烟厂", "division": "340303", "built": [1942, None], "core": "制丝车间", **n},
        {"name": "滁州扬子冰箱厂", "division": "341102", "built": [1980, None], "core": "冰箱总装线", **n},
        {"name": "屯溪茶厂", "division": "341002", "built": [1950, 1959], "core": ["拣场", "烘房", "匀堆车间"], **n},
        {"name": "泾县水东煤矿", "division": "341802", "built": [1958, None], "core": "主井井架", **n},
        {"name": "口子窖酒厂老窖池", "division": "340621", "says": ["元末明初"], "core": "地下酒库", **n}], others=3)
    case("08-museums.docx", "museum", [
        {"name": "安徽源泉徽文化民俗博物馆", "division": "340121", "ownership": "非国有", "grade": "二级", "address": "双凤开发区", "ticket": "不免费开放"},
        {"name": "铜陵市博物馆", "division": "340705", "ownership": "国有", "grade": "二级", "address": "石城大道中段2626号", "ticket": "免费开放"},
        {"name": "淮北市博物馆（隋唐大运河博物馆）", "division": "340603", "ownership": "国有", "grade": "一级", "ticket": "免费"},
        {"name": "古井酒文化博物馆", "division": "341602", "ownership": "国有", "says": ["其他行业国有"], "ticket": "不免费开放"},
        {"name": "歙县徽墨博物馆", "division": "341021", "ownership": "非国有", "address": "新安路"},
        {"name": "安徽中国稻米博物馆", "division": "340223", "ownership": "非国有", "grade": "三级"}])
    n = {"level": "市", "batch": 1}
    case("09-paragraphs.docx", "heritage", [{"name": a, "division": d, "built": [y, None], **n} for a, d, y in (
        ("合肥钢铁厂", "340102", 1958), ("安徽纺织总厂", "340102", 1954), ("合肥柴油机厂", "340111", 1952), ("巢湖化工厂", "340181", 1966),
        ("合肥化肥厂", "340103", 1958), ("巢县铸造厂旧址", "340181", 1956), ("骆岗机场航站楼", "340111", 1977))])
    case("10-survey.kml", "heritage", [{"name": a, "division": d, "built": [y, None], "condition": c, "lon": x, "lat": b, "says": says} for a, d, y, c, x, b, says in (
        ("池州机床厂", "341702", 1966, "", 117.4891, 30.6521, ["SZ-001", "厂房3栋", "完整"]), ("殷汇粮站仓库", "341702", 1954, "较", 117.4012, 30.5213, ["SZ-002", "苏式仓4座"]),
        ("祁门瓷厂", "341024", 1958, "一般", 117.7203, 29.8541, ["SZ-003", "窑炉"]), ("东至化肥厂", "341721", 1970, "较差", 117.0213, 30.1102, ["SZ-004"]),
        ("青阳丝绸厂", "341723", 1972, "一般", 117.8471, 30.6402, ["SZ-005", "锯齿形厂房"]))])
    case("11-camel.geojson", "heritage", [{"name": z, "name_en": e, "division": d, "built": [y, None], "lon": x, "lat": b, **more} for z, e, d, y, x, b, more in (
        ("大通煤矿", "Huainan Datong Coal Mine", "340402", 1911, 117.052, 32.631, {"use": "abandoned"}),
        ("益新面粉厂", "Wuhu Yixin Flour Mill", "340202", 1890, 118.362, 31.347, {"use": "museum"}),
        ("铜官山铜矿", "Tongguanshan Copper Mine", "340705", 1952, 117.824, 30.927, {"use": "vacant"}),
        ("佛子岭水库大坝", "Foziling Dam", "341525", 1954, 116.276, 31.342, {"use": "in operation"}),
        ("蚌埠面粉厂", "Bengbu Flour Factory", "340303", 1920, 117.37, 32.931, {}))])
    case("12-third-survey.xlsx", "heritage", [{"name": n, "division": "340826", "lon": x, "lat": b, "tolerance": 0.0002, "relic": r, "ownership": o, "condition": c, "says": [i, t], **y} for i, n, t, y, x, b, r, o, c in (
        ("340826-0012", "宿松二郎河老酒坊", "二郎镇", {"built": [1930, None]}, 116.12083, 30.19, "县", "集体", "一般"),
        ("340826-0013", "下仓闸", "下仓镇", {"built": [1958, None]}, 116.335, 30.05833, "", "国有", "较好"),
        ("340826-0044", "凉亭水电站", "凉亭镇", {"built": [1966, 1969]}, 116.16667, 30.27917, "市", "国有", "好"),
        ("340826-0051", "复兴镇榨油厂", "复兴镇", {"built": [1875, 1908]}, 116.24333, 29.88667, "省", "私有", "较差"),
        ("340826-0060", "华阳河农场轧花厂", "宿松", {"built": [1960, 1969]}, 116.525, 30.02, "县", "国有", "差"))])
    b = {"recognition": "工业旅游示范基地"}
    case("13-bases-by-city.html", "tour_site", [
        {"name": "合肥市包河区合柴1972文创园", "division": ["340111", "340100"], "says": ["皖文旅函〔2022〕118号", "省级"], **b},
        {"name": "安徽白帝乳业工业旅游区", "division": "340100", "says": ["皖文旅函〔2022〕118号", "省级"], **b},
        {"name": "砀山梨树王罐头工业旅游基地", "division": ["341321", "341300"], "says": ["省级"], **b},
        {"name": "迎驾酒业生态园", "division": "341500", "says": ["国家级"], **b},
        {"name": "六安瓜片茶文化产业园", "division": "341500", "says": ["省级"], **b}], others=3)
    n = {"level": "省", "batch": 1}
    case("14-jiangsu.txt", "heritage", [{"name": a, "division": d, "owner": o, "core": c, "built": [y, None], **n} for a, d, o, c, y in (
        ("金陵机器制造局", "320100", "南京晨光集团有限责任公司", "机器正厂", 1865), ("永利化学工业公司铔厂", "320100", "中国石化集团南京化学工业有限公司", "硝酸吸收塔", 1934),
        ("茂新面粉厂", "320200", "无锡中国民族工商业博物馆", "麦仓", 1900), ("大生纱厂", "320600", "江苏大生集团有限公司", "钟楼", 1895),
        ("大明纱厂", "320400", "常州国棉二厂", "老厂房", 1921), ("鸿生火柴厂", "320500", "苏州鸿生火柴厂", "水塔", 1920))])


if __name__ == "__main__":
    notice("01-ministry-notice.html")
    protected("02-protected-sites-gbk.csv")
    roll("03-ich-roll.docx")
    press("04-press.html")
    bureau("05-bureau.xlsx")
    saved_page("06-bases.xls")
    debris("07-from-pdf.csv")
    title_inside("08-museums.docx")
    paragraphs("09-paragraphs.docx")
    survey("10-survey.kml")
    camel("11-camel.geojson")
    survey_sheet("12-third-survey.xlsx")
    by_city("13-bases-by-city.html")
    neighbour("14-jiangsu.txt")
    expect()
    put("expected.json", (json.dumps(CASES, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))
