"""Writes the lists of this folder and what a careful clerk would enter from them (expected.json).
Written by somebody who has read neither the importer, nor the words it knows, nor the lists before; the forms are those of real notices, names and places are partly
real, figures and persons are composed and are not data.  Run from any place: python3 make.py."""
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "unseen4"))
sys.path.insert(0, str(HERE.parent / "unseen9"))
from places import code  # noqa: E402
from shapes import EXPECTED, docx, expect, xlsx  # noqa: E402


def split(text):
    """Rows of a block: a line each, cells between bars."""
    return [[c.strip() for c in line.split("|")] for line in text.strip().splitlines()]


def whole(text):
    """A number in a cell of a sheet."""
    return int(text) if text.isdigit() else text


def table(rows, head="th"):
    lines = []
    for i, row in enumerate(rows):
        tag = head if i == 0 else "td"
        cells = "".join(f"<{tag}{c[1] if isinstance(c, tuple) else ''}>{c[0] if isinstance(c, tuple) else c}</{tag}>" for c in row)
        lines.append(f"<tr>{cells}</tr>\n")
    return f'<table border="1" cellspacing="0" style="border-collapse:collapse;">\n{"".join(lines)}</table>'


def page(file, title, body, encoding="utf-8", site="安徽省经济和信息化厅"):
    (HERE / file).write_bytes(f"""<!DOCTYPE html>
<html><head><meta charset="{encoding}"><title>{title}_{site}</title></head><body>
<div class="head"><a href="/">首页</a> | <a href="/zwgk/">政务公开</a> | <a href="/hd/">互动交流</a></div>
<div class="pos">当前位置：<a href="/">首页</a> &gt; 通知公告</div>
<h1>{title}</h1>
<div class="info">发布日期：2024-06-12 15:20　来源：{site}　浏览：<span>312</span>　【字体：大 中 小】</div>
<div class="con">{body}</div>
<div class="foot">主办：{site}　网站标识码：3400000000　皖ICP备00000000号</div>
</body></html>
""".encode({"gb2312": "gb18030"}.get(encoding, encoding)))


# 1. A city names its second batch of industrial heritage: annex of the notice, the district's cell merged over its rows ------------------
def city_heritage():
    rows = split("""
        镜湖区 | 芜湖造船厂旧址 | 芜湖市镜湖区新安路12号 | 1900年 | 芜湖造船厂有限公司 | 船台、机修车间、龙门吊 | 1900
        | 益新面粉厂旧址 | 芜湖市镜湖区大砻坊 | 1890年 | 芜湖市文化旅游投资有限公司 | 制粉楼、办公楼 | 1890
        | 裕中纱厂办公楼 | 镜湖区狮子山路 | 1918 | 芜湖纺织厂留守处 | 办公楼 | 1918
        弋江区 | 芜湖市微型电机厂老厂区 | 弋江区利民路68号 | 1958年 | 安徽微电股份有限公司 | 锯齿形厂房3栋、冲床12台 | 1958
        | 芜湖冶炼厂烟囱 | 弋江区中山南路 | 20世纪60年代 | 芜湖市弋江区人民政府 | 烟囱1座 | 1960-1969
        鸠江区 | 四褐山水厂泵房 | 鸠江区四褐山街道 | 民国二十三年 | 芜湖华衍水务有限公司 | 泵房、水塔 | 1934
        | 芜湖港裕溪口煤码头 | 鸠江区裕溪口街道 | 1941年 | 芜湖港务有限责任公司 | 翻车机、皮带廊、装船机 | 1941
        繁昌区 | 桃冲铁矿旧址 | 繁昌区荻港镇桃冲村 | 1913-1918年 | 马钢（集团）控股有限公司桃冲矿业公司 | 矿井口、运矿铁路、日军碉楼 | 1913-1918
        | 荻港水泥厂立窑 | 繁昌区荻港镇 | 1970年代 | 芜湖市繁昌区荻港镇人民政府 | 立窑2座 | 1970-1979
        南陵县 | 大工山铜矿老选厂 | 南陵县工山镇 | 1979.3 | 南陵县工山镇人民政府 | 球磨机、浮选槽 | 1979
        无为市 | 无为县酒厂发酵车间 | 无为市无城镇北门 | 1952年 | 安徽无为酒业有限公司 | 窖池28口 | 1952
        湾沚区 | 芜湖县油厂粮仓 | 湾沚区湾沚镇老街 | 1950年代初 | 湾沚区供销社 | 圆筒仓4座 | 1950-1954
    """)
    lines = [["附件"], ["芜湖市第二批市级工业遗产名单"], ["（共12处）"], ["序号", "所属县市区", "遗产名称", "具体位置", "始建年代", "产权单位", "主要遗存"]]
    records, county, merges, start = [], "", ["A2:G2", "A3:G3"], None
    for i, r in enumerate(rows):
        if r[0]:
            county = r[0]
        lines.append([i + 1, *r[:6]])
        first, _, last = r[6].partition("-")
        records.append({"name": r[1], "division": code(county), "address": r[2][-4:], "built": [int(first), int(last or first)], "owner": r[4], "core": r[5].split("、")[0],
                        "level": "市", "batch": "2", **({"slack": 3} if "初" in r[3] else {})})
    for i, r in enumerate(rows + [["x"]]):
        if r[0]:
            if start is not None and i - start > 1:
                merges.append(f"B{start + 5}:B{i + 4}")
            start = i
    lines.append(["注：以上名单排名不分先后。"])
    xlsx(HERE / "01-city-heritage.xlsx", [("Sheet1", lines, merges)])
    expect("01-city-heritage.xlsx", "heritage", records)


# 2. The province shows whom it means to recommend for the national list: nobody is recognised by this ------------------------------------
def recommended():
    rows = split("""
        淮南田家庵发电厂 | 淮南市 | 田家庵区 | 大唐淮南田家庵发电有限责任公司 | 1941
        大通煤矿“万人坑”遗址与矿井 | 淮南市 | 大通区 | 淮南矿业（集团）有限责任公司 | 1911
        佛子岭水电站 | 六安市 | 霍山县 | 安徽省佛子岭水库管理处 | 1954
        安庆石化老厂区 | 安庆市 | 大观区 | 中国石油化工股份有限公司安庆分公司 | 1974
        马钢九号高炉 | 马鞍山市 | 雨山区 | 马钢（集团）控股有限公司 | 1958
        祁门红茶厂老厂房 | 黄山市 | 祁门县 | 安徽省祁门红茶发展有限公司 | 1951
        明光酒厂老窖池群 | 滁州市 | 明光市 | 安徽明光酒业有限公司 | 1949
        淮北烈山煤矿井架 | 淮北市 | 烈山区 | 淮北矿业（集团）有限责任公司 | 1919
    """)
    body = """<p>各有关单位：</p><p>　　根据《国家工业遗产管理办法》（工信部政法〔2023〕24号）和工业和信息化部办公厅有关通知要求，经企业申报、各市推荐、专家评审，
现将拟推荐申报第七批国家工业遗产名单予以公示。公示时间为2024年6月12日至6月18日。公示期内如有异议，请以书面形式反馈。</p><p>　　联系电话：0551-62871234</p>"""
    body += table([["序号", "项目名称", "所在市", "所在县区", "申报单位", "投产时间"]] + [[i, r[0], r[1], r[2], r[3], r[4] + "年"] for i, r in enumerate(rows, 1)], head="td")
    body += "<p>　　　　　　　　安徽省经济和信息化厅</p><p>　　　　　　　　2024年6月12日</p>"
    page("02-recommended.html", "关于安徽省拟推荐申报第七批国家工业遗产名单的公示", body, encoding="gb2312")
    expect("02-recommended.html", "heritage", [
        {"name": r[0], "division": code(r[2]), "says": [r[3]], "built": [int(r[4])] * 2, "cells": {"认定级别": ["", "线索（未认定）"], "批次": [""], "认定时间": [""]}} for r in rows])


# 3. The relics office's yearly directory of museums: a head of two rows, a sheet for each city ------------------------------------------
def directory():
    head = [["序号", "博物馆名称", "性质", "质量等级", "藏品情况", "", "开放情况", "", "地址", "备注"],
            ["", "", "", "", "藏品数量（件/套）", "珍贵文物（件/套）", "是否免费开放", "年度参观人数（万人次）", "", ""]]
    merges = ["A1:J1", "A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:F2", "G2:H2", "I2:I3", "J2:J3"]
    sheets = [("黄山市", split("""
        黄山市博物馆 | 文物 | 二级 | 21045 | 1210 | 是 | 38.6 | 黄山市屯溪区黎阳东路1号 | | 屯溪区
        徽州糕饼博物馆 | 非国有 | 未定级 | 1260 | 0 | 否 | 12.4 | 黄山市屯溪区迎宾大道59号 | | 屯溪区
        祁红博物馆 | 非国有 | 三级 | 3200 | 0 | 是 | 9.8 | 黄山市祁门县祁山镇新兴路 | | 祁门县
        休宁县状元博物馆 | 文物 | 三级 | 2876 | 145 | 是 | 15 | 黄山市休宁县海阳镇状元广场 | | 休宁县
        老胡开文墨厂博物馆 | 行业 | 未定级 | 860 | 0 | 是 | 4.2 | 黄山市歙县徽城镇新安路 | | 歙县
        """)), ("铜陵市", split("""
        铜陵市博物馆 | 文物 | 二级 | 9860 | 520 | 是 | 31.2 | 铜陵市铜官区石城大道 | | 铜官区
        铜陵有色展览馆 | 行业 | 未定级 | 1530 | 0 | 是 | 3.5 | 铜陵市铜官区长江西路 | 2023年新备案 | 铜官区
        铜冠铜雕艺术馆 | 非国有 | 未定级 | 420 | 0 | 否 | 1.1 | 铜陵市义安区顺安镇 | | 义安区
        枞阳县博物馆 | 文物 | 三级 | 4120 | 233 | 是 | 8 | 铜陵市枞阳县枞阳镇旗山路 | 闭馆改造 | 枞阳县
        """)), ("亳州市", split("""
        亳州市博物馆 | 文物 | 三级 | 12400 | 380 | 是 | 26.5 | 亳州市谯城区芍花路 | | 谯城区
        古井酒文化博物馆 | 行业 | 二级 | 6100 | 32 | 否 | 45 | 亳州市谯城区古井镇 | | 谯城区
        亳州中药材博物馆 | 行业 | 未定级 | 2300 | 0 | 是 | 6.7 | 亳州市谯城区药都大道 | | 谯城区
        """))]
    own = {"文物": ["文物系统国有", "国有"], "行业": ["其他行业国有", "国有", ""], "非国有": ["非国有"]}
    out, records = [], []
    for city, rows in sheets:
        lines = [[f"{city}博物馆名录（2023年度）"], *head]
        for i, r in enumerate(rows, 1):
            lines.append([i, r[0], r[1], r[2], whole(r[3]), whole(r[4]), r[5], float(r[6]), r[7], r[8]])
            cells = {"举办性质": own[r[1]], "藏品数量": [r[3]], "年参观人次": [str(round(float(r[6]) * 10000))]}
            if r[2] != "未定级":
                cells["等级与称号"] = [r[2]]
            if r[5] == "是":
                cells["门票"] = ["免费"]
            records.append({"name": r[0], "division": code(r[9]), "address": r[7][-4:], "cells": cells, "says": [r[8]] if r[8] else []})
        out.append((city, lines, merges))
    xlsx(HERE / "03-museum-directory.xlsx", out)
    expect("03-museum-directory.xlsx", "museum", records)


# 4. A city's economy office asks for its industrial showrooms; the clerk saves the sheet as CSV (GBK) ------------------------------------
def showrooms():
    rows = split("""
        合力叉车工业博物馆 | 蜀山区 | 2021.10 | 2800㎡ | 650 | 1.2 | 免费 | 周一至周五9:00-17:00 | 王工0551-63689000 | 1,2,3,4,5;09:00;17:00 | 2021
        合肥通用机械研究院院史馆 | 蜀山区 | 2016年5月 | 600㎡ | 300 | 0.5 | 免费 | 预约开放 | 李主任0551-65335000 | | 2016
        江淮汽车展示馆 | 包河区 | 2014/9/10 | 4500㎡ | 120 | 6 | 免费 | 周一至周六8:30-17:30 | 陈静0551-62296666 | 1,2,3,4,5,6;08:30;17:30 | 2014
        荣事达工业记忆馆 | 瑶海区 | 2019年 | 1100㎡ | 980 | 2.5 | 20元 | 周二至周日9:00-16:30 | 张旭0551-64421111 | 2,3,4,5,6,7;09:00;16:30 | 2019
        合钢1958记忆馆 | 瑶海区 | 2023-04-28 | 3200㎡ | 1500 | 8.3 | 免费 | 周二至周日9:00-17:00 | 刘倩0551-64390000 | 2,3,4,5,6,7;09:00;17:00 | 2023
        美菱冰箱博物馆 | 蜀山区 | 二〇一三年六月 | 900㎡ | 410 | 1 | 免费 | 每天9:00-17:00 | 赵磊0551-62219999 | 1,2,3,4,5,6,7;09:00;17:00 | 2013
        庐江矾矿博物馆 | 庐江县 | 2018.12.1 | 1500㎡ | 2100 | 3.6 | 30元 | 每天8:30-17:00 | 孙悦0551-87700000 | 1,2,3,4,5,6,7;08:30;17:00 | 2018
        安徽肥东石塘造纸陈列室 | 肥东县 | 2020年底 | 200㎡ | 86 | 0.2 | 免费 | 预约开放 | 周平0551-67711111 | | 2020
        巢湖铸造厂厂史馆 | 巢湖市 | 2017 | 350㎡ | 240 | 0.3 | 免费 | 周一至周五8:00-17:00 | 吴凡0551-82300000 | 1,2,3,4,5;08:00;17:00 | 2017
        长丰县纺织记忆馆 | 长丰县 | 2022年8月18日 | 420㎡ | 175 | 0.4 | 免费 | 周六、周日9:00-16:00 | 郑可0551-66671111 | 6,7;09:00;16:00 | 2022
    """)
    text = "合肥市工业类展馆情况摸底表,,,,,,,,,\r\n填报单位：合肥市经济和信息化局,,,,,,填报时间：2024年3月,,,\r\n"
    text += "序号,展馆名称,县（市）区,建成开馆时间,布展面积,展品数（件）,年接待量（万人）,收费标准,对外开放时间,联系人及电话\r\n"
    records = []
    for i, r in enumerate(rows, 1):
        text += f'{i},{",".join(r[:6])},{r[6]},{r[7]},{r[8]}\r\n'
        record = {"name": r[0], "division": code(r[1]), "opened": [int(r[10])] * 2, "ticket": r[6], "phone": r[8][-13:], "cells": {
            "展厅面积（㎡）": [r[3].rstrip("㎡")], "年参观人次": [str(round(float(r[5]) * 10000))]}, "says": [r[4]]}
        del record["phone"]
        record["contact"] = r[8][-13:]
        if r[9]:
            days, opens, closes = r[9].split(";")
            record["hours"] = [[days, opens, closes]]
        records.append(record)
    text += "合计,10家,,,,,,,,\r\n"
    (HERE / "04-showrooms-gbk.csv").write_bytes(text.encode("gb18030"))
    expect("04-showrooms-gbk.csv", "museum", records, others=1)


# 5. A city's intangible heritage, sixth batch: Word, the class merged down, numbers of the city's own ------------------------------------
def city_crafts():
    rows = split("""
        传统美术 | Ⅶ-21 | 宣城木雕 | 宣州区文化馆 | 宣州区
        | Ⅶ-22 | 绩溪竹编画 | 绩溪县文化馆 | 绩溪县
        | Ⅶ-23 | 旌德灵芝根雕 | 旌德县灵芝协会 | 旌德县
        传统技艺 | Ⅷ-61 | 郎溪瑞草魁茶制作技艺 | 郎溪县茶业协会 | 郎溪县
        | Ⅷ-62 | 宁国山核桃手工剥制技艺 | 宁国市南极乡人民政府 | 宁国市
        | Ⅷ-63 | 广德桐花豆腐制作技艺 | 广德市文化馆 | 广德市
        | Ⅷ-64 | 泾县油布伞制作技艺 | 泾县孤峰油布伞厂 | 泾县
        | Ⅷ-65 | 宣笔笔杆制作技艺 | 泾县三兔宣笔有限公司 | 泾县
        | Ⅷ-66 | 绩溪徽墨点烟技艺 | 绩溪县胡开文墨业有限公司 | 绩溪县
        | Ⅷ-67 | 水阳三宝（鸭脚包）制作技艺 | 宣州区水阳镇文化站 | 宣州区
        | Ⅷ-68 | 云乐漆器制作技艺 | 旌德县云乐镇文化站 | 旌德县
        传统医药 | Ⅸ-7 | 宣木瓜炮制技艺 | 宣州区中医院 | 宣州区
    """)
    lines = [["序号", "类别", "编号", "项目名称", "申报单位"]]
    records, kind = [], ""
    for i, r in enumerate(rows, 1):
        kind = r[0] or kind
        lines.append([str(i), (r[0], {"down": "restart"}) if r[0] else ("", {"down": "continue"}), *r[1:4]])
        records.append({"name": r[2], "division": code(r[4]), "ich_number": r[1], "ich_level": "市", "cells": {"保护单位": [r[3]], "列入时间": ["2023", ""], "门类": [kind]}})
    docx(HERE / "05-city-crafts.docx", [
        ("c", "宣城市人民政府关于公布第六批市级非物质文化遗产代表性项目名录的通知"), ("c", "宣政秘〔2023〕118号"),
        ("p", "各县、市、区人民政府，市政府各部门、各直属机构："),
        ("p", "市文化和旅游局确定的第六批市级非物质文化遗产代表性项目名录（共计12项）已经市政府同意，现予公布。"),
        ("p", "2023年11月20日"), ("c", "附件"), ("c", "宣城市第六批市级非物质文化遗产代表性项目名录"), ("table", lines, 1), ("p", "抄送：市委各部门，市人大常委会办公室。")])
    expect("05-city-crafts.docx", "craft", records)


# 6. Masters of arts and crafts shown to the public before they are named -----------------------------------------------------------------
def masters():
    rows = split("""
        姚尚文 | 男 | 砖雕 | 黄山市徽州雕刻研究所 | 黄山市
        江雪梅 | 女 | 歙砚雕刻 | 歙县古城歙砚厂 | 黄山市
        储建军 | 男 | 铁画锻制 | 芜湖储氏铁画工艺品有限公司 | 芜湖市
        汪小满 | 女 | 羽毛画 | 蚌埠市工艺美术研究所 | 蚌埠市
        曹向阳 | 男 | 宣纸制作 | 中国宣纸股份有限公司 | 宣城市
        丁桂兰 | 女 | 剪纸 | 阜阳市颍州区剪纸工作室 | 阜阳市
        陶世清 | 男 | 界首彩陶烧制 | 界首市田营彩陶厂 | 阜阳市
        彭莉莉 | 女 | 桐城歌绣 | 桐城市绣坊 | 安庆市
        罗会平 | 男 | 万安罗盘制作 | 休宁县万安罗经文化有限公司 | 黄山市
        葛庆余 | 男 | 灵璧石雕刻 | 灵璧县奇石馆 | 宿州市
        朱华丽 | 女 | 徽州漆器髹饰 | 屯溪漆器工艺厂 | 黄山市
    """)
    lines = [["序号", "姓名", "性别", "从事专业", "工作单位", "推荐单位"]]
    lines += [[str(i), *r[:4], r[4] + "经济和信息化局"] for i, r in enumerate(rows, 1)]
    docx(HERE / "06-masters.docx", [
        ("c", "第七届安徽省工艺美术大师拟认定人员名单公示"),
        ("p", "根据《安徽省工艺美术大师认定办法》，经个人申报、各市推荐、资格审查、专家评审，拟认定姚尚文等11人为第七届安徽省工艺美术大师，现予公示。公示期：2024年9月2日—9月8日。"),
        ("table", lines, 1), ("p", "安徽省经济和信息化厅"), ("p", "2024年9月2日")])
    expect("06-masters.docx", "person", [
        {"name": r[0], "division": "34" + {"黄山市": "1000", "芜湖市": "0200", "蚌埠市": "0300", "宣城市": "1800", "阜阳市": "1200", "安庆市": "0800", "宿州市": "1300"}[r[4]],
         "cells": {"专长": [r[2]]}, "says": [r[3]]} for r in rows])


# 7. The province's industrial tourism bases on a page: the city's cell goes down over its rows --------------------------------------------
def tourism():
    cities = [("合肥市", split("""
        伊利集团合肥工业园 | 牛奶生产线参观、乳品科普 |
        合肥荣事达电子电器集团双创基地 | 智能家居体验 |
        """)), ("芜湖市", split("""
        奇瑞汽车智能网联超级工厂 | 整车生产线参观 |
        芜湖铁画文化产业园 | 铁画锻制体验 |
        """)), ("马鞍山市", split("""
        中国宝武马钢集团工业旅游区 | 大型炼铁高炉、轮轴生产线 |
        蒙牛乳业（马鞍山）工厂 | 乳品生产参观 |
        """)), ("滁州市", split("""
        金禾实业安全教育基地 | 化工安全科普 |
        凤阳小岗村盼盼食品工业园 | 食品生产参观、亲子烘焙 |
        """)), ("六安市", split("""
        迎驾酒文化旅游区 | 酿酒车间、曲酒文化馆 |
        六安瓜片茶文化博览园 | 制茶体验 |
        """)), ("池州市", split("""
        润思祁红1951文化园 | 老茶厂、红茶审评 |
        """))]
    code_of = {"合肥市": "340100", "芜湖市": "340200", "马鞍山市": "340500", "滁州市": "341100", "六安市": "341500", "池州市": "341700"}
    lines, records, n = [["序号", "市别", "基地名称", "特色内容"]], [], 0
    for city, rows in cities:
        for i, r in enumerate(rows):
            n += 1
            first = [(city, f' rowspan="{len(rows)}"')] if i == 0 and len(rows) > 1 else [city] if i == 0 else []
            lines.append([str(n), *first, r[0], r[1]])
            records.append({"name": r[0], "division": [code_of[city], code("凤阳县")] if "凤阳" in r[0] else code_of[city], "cells": {"认定与称号": ["工业旅游示范基地"], "参观内容": [r[1], r[1].replace("、", "；")]}})
    body = """<p style="text-align:center">皖文旅发〔2023〕96号</p><p>各市文化和旅游局：</p><p>　　根据《安徽省工业旅游示范基地管理办法》，经各地推荐、专家评审、社会公示，决定认定伊利集团合肥工业园等11家单位为
2023年度安徽省工业旅游示范基地，现予公布。</p><p>　　附件：2023年度安徽省工业旅游示范基地名单</p><p style="text-align:right">2023年12月15日</p><p>附件</p>
<p style="text-align:center"><strong>2023年度安徽省工业旅游示范基地名单</strong></p>"""
    page("07-tourism-bases.html", "安徽省文化和旅游厅关于公布2023年度安徽省工业旅游示范基地名单的通知", body + table(lines, head="td"), site="安徽省文化和旅游厅")
    expect("07-tourism-bases.html", "tour_site", records)


# 8. Industrial design centres, two parts under headings ----------------------------------------------------------------------------------
def design_centres():
    parts = [("一、企业工业设计中心（7家）", split("""
        安徽合力股份有限公司工业设计中心 | 安徽合力股份有限公司 | 合肥市 | 340100
        奇瑞汽车股份有限公司工业设计中心 | 奇瑞汽车股份有限公司 | 芜湖市 | 340200
        长虹美菱股份有限公司工业设计中心 | 长虹美菱股份有限公司 | 合肥市 | 340100
        安徽志邦家居股份有限公司工业设计中心 | 安徽志邦家居股份有限公司 | 合肥市 | 340100
        滁州惠科光电科技有限公司工业设计中心 | 滁州惠科光电科技有限公司 | 滁州市 | 341100
        安徽鸿路钢构工业设计中心 | 安徽鸿路钢结构（集团）股份有限公司 | 合肥市 | 340100
        安徽华茂纺织股份有限公司工业设计中心 | 安徽华茂纺织股份有限公司 | 安庆市 | 340800
        """)), ("二、工业设计企业（4家）", split("""
        合肥十方工业设计有限公司 | 合肥十方工业设计有限公司 | 合肥市 | 340100
        安徽木马工业设计有限公司 | 安徽木马工业设计有限公司 | 芜湖市 | 340200
        马鞍山创迪工业设计有限公司 | 马鞍山创迪工业设计有限公司 | 马鞍山市 | 340500
        阜阳原点产品设计有限公司 | 阜阳原点产品设计有限公司 | 阜阳市 | 341200
        """))]
    lines, records, merges, n = [["附件1"], ["2023年安徽省工业设计中心认定名单"], ["序号", "单位名称", "依托单位", "所在市"]], [], ["A2:D2"], 0
    for heading, rows in parts:
        lines.append([heading])
        merges.append(f"A{len(lines)}:D{len(lines)}")
        for r in rows:
            n += 1
            lines.append([n, *r[:3]])
            records.append({"name": r[0], "division": r[3], "cells": {"级别": ["省级"], "依托单位": [r[1]], "类型": ["设计"], "授予时间": ["2023", ""]}})
    xlsx(HERE / "08-design-centres.xlsx", [("附件1", lines, merges)])
    expect("08-design-centres.xlsx", "industrial_base", records)


# 9. What rules there are: an office's list of documents ----------------------------------------------------------------------------------
def documents():
    rows = split("""
        国家工业遗产管理办法 | 工信部政法〔2023〕24号 | 工业和信息化部 | 2023年3月6日 | 有效 | 2023
        推动老工业城市工业遗产保护利用实施方案 | 发改振兴〔2020〕839号 | 国家发展改革委、工业和信息化部、国务院国资委、国家文物局、国家开发银行 | 2020年6月2日 | 有效 | 2020
        推进工业文化发展实施方案（2021—2025年） | 工信部联政法〔2021〕54号 | 工业和信息化部等八部门 | 2021年5月11日 | 有效 | 2021
        国家工业遗产管理暂行办法 | 工信部产业〔2018〕232号 | 工业和信息化部 | 2018年11月5日 | 废止 | 2018
        关于推进工业文化发展的指导意见 | 工信部联产业〔2016〕446号 | 工业和信息化部、财政部 | 2016年12月30日 | 有效 | 2016
        铜陵市工业遗产保护与利用条例 | 铜陵市人大常委会公告第5号 | 铜陵市人民代表大会常务委员会 | 2017.10.9 | 有效 | 2017
        传统工艺美术保护条例 | 国务院令第217号 | 国务院 | 1997-05-20 | 有效 | 1997
        安徽省工艺美术大师评审管理办法 | 皖经信消费〔2022〕31号 | 安徽省经济和信息化厅 | 2022/4/18 | 有效 | 2022
        安徽省工业旅游示范基地管理办法（试行） | 皖文旅发〔2021〕57号 | 安徽省文化和旅游厅 | 2021.7.30 | 有效 | 2021
        合肥市工业遗产保护利用管理办法 | 合政办〔2022〕15号 | 合肥市人民政府办公室 | 2022年5月 | 有效 | 2022
        关于开展全市工业遗产资源摸底的通知 | | 合肥市经济和信息化局 | 2022.3.14 | 失效 | 2022
    """)
    lines = [["工业文化工作常用政策文件清单"], ["序号", "文件名称", "文号", "发文单位", "印发时间", "时效"]]
    lines += [[i, f"《{r[0]}》" if i % 2 else r[0], *r[1:5]] for i, r in enumerate(rows, 1)]
    xlsx(HERE / "09-documents.xlsx", [("清单", lines, ["A1:F1"])])
    expect("09-documents.xlsx", "policy", [
        {"name": [r[0], f"《{r[0]}》"], "exact": True, "cells": {"发布机构": [r[2].split("、")[0].replace("等八部门", "")], "有效性": {"有效": ["有效"], "废止": ["已废止"], "失效": ["已失效"]}[r[4]],
                                                **({"文号": [r[1]]} if r[1] else {})},
         "years": [int(r[5])] * 2} for r in rows])
    for record in EXPECTED[-1]["records"]:
        record["says"] = [str(record["years"][0])]
        del record["years"]  # a day of issue may be either of two fields; its year must be there


# 10. Old names (老字号) of the province on a page ------------------------------------------------------------------------------------------
def old_names():
    rows = split("""
        同庆楼 | 同庆楼餐饮股份有限公司 | 餐饮 | 1925 | 合肥市 | 340100
        耿福兴 | 芜湖市耿福兴酒楼有限责任公司 | 餐饮 | 1888 | 芜湖市 | 340200
        胡玉美 | 安庆市胡玉美酿造食品有限责任公司 | 调味品 | 1830 | 安庆市 | 340800
        谢裕大 | 谢裕大茶叶股份有限公司 | 茶叶 | 1875 | 黄山市 | 341000
        口子窖 | 安徽口子酒业股份有限公司 | 酒类 | 1949 | 淮北市 | 340600
        张恒春 | 芜湖张恒春药业有限公司 | 医药 | 1800 | 芜湖市 | 340200
        金菜地 | 安徽省金菜地食品有限公司 | 豆制品 | 1956 | 马鞍山市 | 340500
        红星 | 中国宣纸股份有限公司 | 宣纸 | 1951 | 宣城市 | 341800
        汪满田 | 安徽省歙县汪满田茶业有限公司 | 茶叶 | 1921 | 黄山市 | 341000
        余良卿 | 安庆余良卿健康产业有限公司 | 医药 | 1855 | 安庆市 | 340800
        寿春堂 | 寿县寿春堂大药房有限公司 | 医药 | 1902 | 淮南市 | 340400
    """)
    body = "<p>　　经企业自愿申报、各市推荐、专家评审、网上公示，现将第六批“安徽老字号”名单予以公布。</p>"
    body += table([["序号", "字号（品牌）", "企业名称", "所属行业", "创立年份", "所在市"]] + [[str(i), *r[:5]] for i, r in enumerate(rows, 1)])
    page("10-old-names.html", "安徽省商务厅关于公布第六批“安徽老字号”名单的通知", body + "<p>安徽省商务厅<br>2024年1月8日</p>", site="安徽省商务厅")
    expect("10-old-names.html", "brand", [
        {"name": r[0], "division": r[5], "cells": {"所有者": [r[1]], "创立时间": [r[3]], "认定": ["老字号"]}, "says": [] if r[2] in ("酒类", "茶叶") else [r[2]]} for r in rows])  # these two are trades of GB/T 4754


# 11. What a special fund pays: total and subtotals among the rows --------------------------------------------------------------------------
def payments():
    groups = [("合肥市", "340100", split("""
        合钢工业遗址公园展陈提升 | 合肥瑶海工业文化发展有限公司 | 120
        工业遗产数字化采集 | 合肥市城市建设档案馆 | 45.5
        合柴1972文创园修缮补助 | 合肥文旅博览集团有限公司 | 80
        """)), ("铜陵市", "340700", split("""
        铜官山1978二期改造 | 铜陵市文化旅游投资有限公司 | 150
        701厂火车道保护修缮 | 铜陵有色金属集团控股有限公司 | 36
        """)), ("安庆市", "340800", split("""
        胡玉美酱园工坊开放 | 安庆市胡玉美酿造食品有限责任公司 | 50
        工业设计大赛获奖成果转化 | 安徽环新集团股份有限公司 | 30
        """)), ("黄山市", "341000", split("""
        徽墨生产性保护车间建设 | 歙县老胡开文墨业有限公司 | 60
        祁红工业研学课程开发 | 安徽省祁门红茶发展有限公司 | 18.8
        """))]
    total = sum(float(r[2]) for g in groups for r in g[2])
    lines = [["附件"], ["2024年省级工业文化发展专项资金安排表"], ["单位：万元"], ["市别", "项目名称", "承担单位", "补助金额"], ["合计", "", "", total]]
    records = []
    for city, number, rows in groups:
        lines.append([f"{city}小计", "", "", sum(float(r[2]) for r in rows)])
        for r in rows:
            lines.append([city, r[0], r[1], float(r[2])])
            records.append({"name": r[0], "division": number, "cells": {"金额（万元）": [r[2]], "收款单位": [r[1]]}})
    xlsx(HERE / "11-payments.xlsx", [("资金安排", lines, ["A2:D2", "A3:D3"])])
    (HERE / "11-fund-before.csv").write_text("名称,类型,年度\n2024年省级工业文化发展专项资金,财政专项资金,2024\n", encoding="utf-8")
    expect("11-payments.xlsx", "tranche", records, others=5, before=[["fund", "11-fund-before.csv"]])


# 12. What is on this year: a calendar with times as people write them ---------------------------------------------------------------------
def calendar():
    rows = split("""
        4月12日-14日 | 2024中国（合肥）工业文化博览会 | 合肥滨湖国际会展中心 | 安徽省经济和信息化厅 | 约300家企业参展 | 2024-04-12
        4月23日 | “工业记忆”老照片征集启动仪式 | 合柴1972文创园 | 合肥市总工会 | | 2024-04-23
        5月18日 | 国际博物馆日工业类博物馆联动开放 | 全省各工业类博物馆 | 安徽省文物局 | 免费开放 | 2024-05-18
        5月10日 | 中国品牌日安徽老字号展示 | 芜湖古城 | 安徽省商务厅 | | 2024-05-10
        6月8日 | 文化和自然遗产日宣纸技艺展演 | 泾县宣纸小镇 | 宣城市文化和旅游局 | | 2024-06-08
        7月 | 第十一届安徽省工业设计大赛启动会 | 合肥 | 安徽省经济和信息化厅 | | 2024-07
        9月6日至9日 | 铜陵青铜文化博览会 | 铜陵市体育馆 | 铜陵市人民政府 | | 2024-09-06
        9月21日 | 古井贡酒秋酿开窖节 | 亳州市谯城区古井镇 | 安徽古井集团有限责任公司 | | 2024-09-21
        10月18日—20日 | 安徽省工艺美术精品博览会 | 安徽国际会展中心 | 安徽省工艺美术协会 | 设展位260个 | 2024-10-18
        11月上旬 | 三线建设历史文化研讨会 | 霍山县 | 六安市经济和信息化局 | | 2024-11
        12月 | 工业遗产保护利用培训交流会 | 马鞍山市 | 安徽省工业遗产保护联盟 | | 2024-12
    """)
    lines = [["2024年全省工业文化重点活动安排表"], ["序号", "时间", "活动名称", "地点", "主办单位", "备注"]]
    lines += [[i, *r[:5]] for i, r in enumerate(rows, 1)]
    xlsx(HERE / "12-calendar.xlsx", [("2024", lines, ["A1:F1"])])
    expect("12-calendar.xlsx", "culture_event", [
        {"name": r[1], "cells": {"主办单位": [r[3]]}, "says": [r[5], r[2], *([r[4]] if r[4] else [])]} for r in rows])


# 13. Survey tables filled in by the counties' clerks: two heads, degrees and minutes, a sheet for each county ------------------------------
def survey():
    head = [["序号", "工业遗存名称", "地理位置", "", "", "建造年代", "停产时间", "规模", "", "现状", "权属情况", "联系电话"],
            ["", "", "详细地址", "东经", "北纬", "", "", "占地（亩）", "建筑面积（平方米）", "", "", ""]]
    merges = ["A1:L1", "A2:L2", "A3:A4", "B3:B4", "C3:E3", "F3:F4", "G3:G4", "H3:I3", "J3:J4", "K3:K4", "L3:L4"]
    sheets = [("定远县", split("""
        定远县化肥厂 | 定远县定城镇曲阳路 | 117°40′41.6″ | 32°31′45.3″ | 1970年 | 2004年 | 45 | 8600 | 闲置，厂房保存较好 | 国有 | 0550-4021001 | 117.67822 32.52925
        定远盐矿老井 | 定远县炉桥镇 | 117°13′12″ | 32°32′24″ | 1987年 | | 30 | 2100 | 仍在生产 | 国有 | 0550-4022002 | 117.22 32.54
        池河农机修造厂 | 定远县池河镇老街 | 117°48′36″ | 32°31′12″ | 1958年 | 1996年 | 6 | 1800 | 闲置 | 集体 | 0550-4023003 | 117.81 32.52
        定远县酒厂 | 定远县定城镇东大街 | 117°41′24″ | 32°31′30″ | 1951年 | 2001 | 12 | 3900 | 已改作仓库 | 私有 | 0550-4024004 | 117.69 32.525
        """)), ("凤阳县", split("""
        凤阳玻璃厂老车间 | 凤阳县府城镇 | 117°33′25″ | 32°52′9″ | 1975年 | 1999年 | 38 | 11200 | 闲置，部分屋顶坍塌 | 国有 | 0550-6711001 | 117.55694 32.86917
        门台子烤烟厂旧址 | 凤阳县门台镇 | 117°28′12″ | 32°51′36″ | 民国六年 | 1992年 | 85 | 15600 | 列为省级文保单位，闲置 | 国有 | 0550-6712002 | 117.47 32.86
        临淮关火车站煤台 | 凤阳县临淮关镇 | 117°38′24″ | 32°54′0″ | 1911年 | 不详 | 3 | 400 | 遗址 | 国有 | 0550-6713003 | 117.64 32.9
        官沟石英砂厂 | 凤阳县大庙镇 | 117°37′12″ | 32°43′12″ | 八十年代 | 2012年 | 50 | 5200 | 停产闲置 | 集体 | 0550-6714004 | 117.62 32.72
        """)), ("全椒县", split("""
        全椒柴油机厂 | 全椒县襄河镇吴敬梓路 | 118°15′48″ | 32°5′45″ | 1949年 | 在产 | 210 | 62000 | 正常生产 | 混合 | 0550-5011001 | 118.26333 32.09583
        全椒县襄河粮站 | 全椒县襄河镇河湾街 | 118°16′12″ | 32°5′24″ | 1953年 | 2003年 | 15 | 4300 | 改造为文创街区 | 国有 | 0550-5012002 | 118.27 32.09
        马厂轧花厂 | 全椒县马厂镇 | 118°6′36″ | 32°10′12″ | 1956年 | 1998年 | 20 | 3100 | 闲置 | 集体 | 0550-5013003 | 118.11 32.17
        """))]
    out, records = [], []
    use = {"闲置": "闲置", "仍在": "在产", "正常": "在产", "停产": "闲置", "改造": "活化利用", "列为": "闲置", "遗址": "遗址", "已改": "活化利用"}
    for county, rows in sheets:
        lines = [["滁州市工业遗存调查登记表"], [f"填报单位（盖章）：{county}工业和信息化局　　　填报日期：2022年4月8日"], *head]
        for i, r in enumerate(rows, 1):
            lines.append([i, *r[:6], whole(r[6]), whole(r[7]), *r[8:11]])
            lon, lat = map(float, r[11].split())
            record = {"name": r[0], "division": code(county), "address": r[1][3:], "lon": lon, "lat": lat, "tolerance": 0.0005, "contact": r[10], "ownership": r[9], "area": r[7],
                      "cells": {"利用现状": [use[r[8][:2]], ""], "占地面积（㎡）": [str(int(int(r[6]) * 2000 / 3 + d)) for d in (0, 0.5, 1)]},
                      "says": [] if r[8] in ("停产闲置", "正常生产") else [r[8]]}  # these two are wholly the term
            if r[4][:4].isdigit():
                record["built"] = [int(r[4][:4])] * 2
            elif r[4] == "民国六年":
                record["built"] = [1917, 1917]
            else:
                record["built"] = [1980, 1989]
            if r[5][:4].isdigit():
                record["closed"] = [int(r[5][:4])] * 2
            records.append(record)
        lines.append(["填表人：", "", "审核人："])
        out.append((county, lines, merges))
    xlsx(HERE / "13-county-survey.xlsx", out)
    expect("13-county-survey.xlsx", "heritage", records)


# not mended yet: what comes in right
RIGHT = {"04-showrooms-gbk.csv": 2, "05-city-crafts.docx": 7, "06-masters.docx": 0, "08-design-centres.xlsx": 0,
         "11-payments.xlsx": 0, "12-calendar.xlsx": 0}

if __name__ == "__main__":
    for write in (city_heritage, recommended, directory, showrooms, city_crafts, masters, tourism, design_centres, documents, old_names, payments, calendar, survey):
        write()
    for case in EXPECTED:
        if case["file"] in RIGHT:
            case["right"] = RIGHT[case["file"]]
    (HERE / "expected.json").write_text(json.dumps(EXPECTED, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
