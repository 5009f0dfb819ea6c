"""Writes the lists of this folder and expected.json: `python3 make.py` (xlwt for the old spreadsheet, else the standard library)."""
import datetime
import json
import pathlib

import xlwt

from shapes import EXPECTED, docx, expect, shapefile, site, uscc, xlsx

HERE = pathlib.Path(__file__).resolve().parent
# 1. A ministry's notice in Word, the table going over pages (real facts)
national = [
    ("天津第三棉纺织厂", "天津市河东区", "纺厂和布厂厂房、发电厂、综合办公楼；丰田织布机、提花织机；历史档案", "120102", ["发电厂", "丰田织布机", "历史档案"]),
    ("老龙口酒厂", "辽宁省沈阳市大东区", "古井；1662年古窖池；酿酒车间；石磨、酒海；商标、账册", "210104", ["古井", "1662年古窖池"]),
    ("双沟老窖池群及酿酒作坊", "江苏省宿迁市泗洪县", "老窖池群；酿酒作坊；地下酒窖", "321324", ["老窖池群", "地下酒窖"]),
    ("善琏湖笔厂", "浙江省湖州市南浔区", "厂房；制笔工具；湖笔制作技艺", "330503", ["制笔工具", "湖笔制作技艺"]),
    ("庐江矾矿", "安徽省合肥市庐江县", "矿硐；煅烧炉及烟囱；结晶池\n老街、矿工宿舍、大礼堂；\n采矿许可证等档案", "340124", ["矿硐", "结晶池"]),
    ("口子窖窖池群及酿酒作坊", "安徽省淮北市濉溪县", "酿酒1-3号车间；老城酿酒车间；明清地下酒库；酿酒器具", "340621", ["酿酒1-3号车间", "明清地下酒库"]),
    ("中国航天603基地", "安徽省宣城市广德市", "发射场、发射架、控制掩体；T-7M火箭发射资料", "341882", ["控制掩体", "T-7M火箭发射资料"]),
    ("安庆胡玉美酱园", "安徽省安庆市大观区、迎江区", "酱园老厂房、晒场；制酱缸；胡玉美蚕豆酱制作技艺", ["340803；340802", "340802；340803"], ["制酱缸"]),
    ("安溪茶厂", "福建省泉州市安溪县", "筛分车间；无烟灶；乌龙茶精制线；毛茶仓库；办公楼；防空洞", "350524", ["无烟灶", "防空洞"]),
    ("粤汉铁路株洲总机厂", "湖南省株洲市石峰区", "筹备处；联合厂房；牛头刨床；机车与轨道图纸", "430204", ["牛头刨床", "机车与轨道图纸"]),
]
docx(HERE / "01-ministry-batch4.docx", [
    ("c", "工业和信息化部关于公布第四批国家工业遗产名单的通告"),
    ("c", "工信部政法函〔2020〕348号"),
    ("p", "各省、自治区、直辖市及计划单列市、新疆生产建设兵团工业和信息化主管部门，有关中央企业："),
    ("p", "根据《国家工业遗产管理暂行办法》（工信部产业〔2018〕232号），经自愿申报、省级工业和信息化主管部门及有关中央企业推荐、专家评审、现场核查和网上公示等程序，现将第四批国家工业遗产名单予以公布。"),
    ("p", "请各地工业和信息化主管部门加强指导和管理，定期组织评估检查，协调解决重大问题。请国家工业遗产所有权人按照要求，加强工业遗产的保护和合理利用。"),
    ("p", "附件：国家工业遗产名单（第四批）"),
    ("p", "工业和信息化部"), ("p", "2020年12月17日"),
    ("p", "附件"), ("c", "国家工业遗产名单（第四批）"), ("c", "（排名不分先后）"),
    ("table", [["序号", "名称", "地址", "核心物项"]] + [[f"{i}.", n, a, c] for i, (n, a, c, _, _) in enumerate(national, 1)], 1)])
expect("01-ministry-batch4.docx", "heritage", [site(n, d, core=c, level="国家", batch=4) for n, _, _, d, c in national])

# 2. A province's notice, the page saved from the office's site (made-up names; form as of Jiangsu and Zhejiang)
province = [("南京市", "320100", [("浦口机务段扇形车库", "南京铁路文旅发展有限公司"), ("江南铸造厂旧址", "南京江铸资产管理有限公司")]),
            ("无锡市", "320200", [("庆丰纱厂旧址", "无锡市国联实业投资集团有限公司"), ("丽新印染厂办公楼", "无锡丽新印染集团公司"), ("惠山泥人厂", "无锡市惠山泥人厂有限责任公司")]),
            ("南通市", "320600", [("广生油厂旧址", "南通市广生油脂有限公司"), ("颐生酿造厂", "江苏颐生酒业有限公司")]),
            ("连云港市", "320700", [("锦屏磷矿", "中化连云港锦屏矿区管理处")])]
rows, n = "", 0
for city, _, names in province:
    for i, (name, unit) in enumerate(names):
        n += 1
        down = f'<td rowspan="{len(names)}" style="border:1px solid #000"><p><span>{city}</span></p></td>' if i == 0 else ""
        rows += f'<tr>\n<td><p align="center">{n}</p></td>{down}<td><p><span style="font-family:仿宋">{name}</span></p></td><td><p>{unit}</p></td></tr>\n'
(HERE / "02-province-page.html").write_text(f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="SiteName" content="江苏省工业和信息化厅"><meta name="ColumnName" content="通知公告">
<title>关于公布第二批江苏省工业遗产名单的通知</title><style>td{{border:1px solid #333}}</style><script>var siteid=33;</script></head><body>
<table width="1000" class="top"><tr><td><img src="logo.png"></td><td><a href="/">首页</a></td><td><a href="/zwgk">政务公开</a></td><td><a href="/bsfw">办事服务</a></td><td><a href="/hd">互动交流</a></td></tr></table>
<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/col">通知公告</a> &gt; 正文</div>
<table class="xxgk"><tr><td><b>索 引 号</b></td><td>014000319/2021-00311</td><td><b>分 类</b></td><td>工业、交通 / 通知</td></tr>
<tr><td><b>发布机构</b></td><td>江苏省工业和信息化厅</td><td><b>发文日期</b></td><td>2021-12-28</td></tr></table>
<h1>关于公布第二批江苏省工业遗产名单的通知</h1>
<p>来源：政策法规处&nbsp;&nbsp;发布时间：2021-12-28 16:20&nbsp;&nbsp;字体：[ <a>大</a> <a>中</a> <a>小</a> ]</p>
<div id="zoom"><p>各设区市工信局：</p><p>经企业申报、地方推荐、专家评审和公示，现将第二批江苏省工业遗产名单公布如下。</p>
<p style="text-align:center"><strong>第二批江苏省工业遗产名单</strong></p>
<table border="1" cellspacing="0"><tbody><tr><td><p><strong>序号</strong></p></td><td><p><strong>地区</strong></p></td><td><p><strong>项目名称</strong></p></td><td><p><strong>申报单位</strong></p></td></tr>
{rows}</tbody></table><p style="text-align:right">江苏省工业和信息化厅</p></div>
<div class="share">分享到：<a>微信</a> <a>微博</a></div><ul class="links"><li><a>国家部委</a></li><li><a>省级部门</a></li></ul>
<table class="foot"><tr><td>主办：江苏省工业和信息化厅</td><td>苏ICP备05003531号</td></tr></table></body></html>
""", encoding="utf-8")
expect("02-province-page.html", "heritage", [site(name, d, level="省", batch=2, owner=unit) for _, d, names in province for name, unit in names])

# 3. Historic buildings of a city, head of two rows, districts merged (made up but for the places)
buildings = [
    ("镜湖区", "340202", [("WH-LS-003", "益新面粉厂制粉楼", "北门街道", "砻坊路东段", "1894年", "砖木", 4, 3860, "国有", "芜湖市文化投资有限公司", "文创展示", ""),
                       ("WH-LS-007", "明远电厂老办公楼", "赭麓街道", "范罗山下健康路12号", "1925年", "砖混", 2, 640.5, "国有", "国网芜湖供电公司", "办公", "外墙后期粉刷"),
                       ("WH-LS-011", "裕中纱厂职工宿舍", "天门山街道", "长江路裕中里", "20世纪20年代", "砖木", 2, 1120, "国有", "镜湖区房管局", "居住", "")]),
    ("弋江区", "340209", [("WH-LS-015", "芜湖钢铁厂炼铁车间", "利民路街道", "利民东路88号", "1958年", "排架", 1, 5400, "国有", "芜湖新兴铸管有限责任公司", "闲置", "屋面局部漏雨"),
                       ("WH-LS-016", "东方纸版厂锅炉房", "马塘街道", "中山南路东侧", "1965年", "砖混", 2, 780, "集体", "马塘街道资产办", "仓储", "")]),
    ("鸠江区", "340207", [("WH-LS-020", "裕溪口煤港转运塔", "裕溪口街道", "煤港路1号", "1941年", "钢筋混凝土", 5, 960, "国有", "芜湖港务有限责任公司", "闲置", "滚装码头内"),
                       ("WH-LS-021", "四褐山铁路专用线站房", "四褐山街道", "长江北路", "1972年", "砖混", 1, 210, "国有", "上海铁路局芜湖车务段", "办公", "")]),
    ("繁昌区", "340212", [("WH-LS-026", "荻港镇水泥老窑", "荻港镇", "新河社区", "1970年前后", "砖石", 1, 330, "国有", "芜湖海螺水泥有限公司", "空置", "已停用")]),
]
rows = [["芜湖市第二批历史建筑名录（工业类）"], ["填报单位：芜湖市住房和城乡建设局", None, None, None, None, None, None, None, None, None, None, None, "2019年10月"],
        ["序号", "编号", "名称", "区位", None, None, "建筑信息", None, None, None, "产权", None, "现使用功能", "备注"],
        [None, None, None, "县区", "街道（镇）", "详细地址", "建成年代", "结构形式", "层数", "建筑面积\n（㎡）", "性质", "单位", None, None]]
merges, n, want = ["A1:N1", "A2:D2", "M2:N2", "A3:A4", "B3:B4", "C3:C4", "D3:F3", "G3:J3", "K3:L3", "M3:M4", "N3:N4"], 0, []
for district, code, items in buildings:
    first = len(rows) + 1
    for i, (no, name, town, where, built, frame, floors, area, kind, unit, use, note) in enumerate(items):
        n += 1
        rows.append([n, no, name, district if i == 0 else None, town, where, built, frame, floors, area, kind, unit, use, note])
        year = {"20世纪20年代": [1920, 1929], "1970年前后": None}.get(built, [int(built[:4])] * 2 if built[:4].isdigit() else None)
        want.append(site(name, code, address=where, area=f"{area:g}", ownership=kind, owner=unit, use=use, says=[frame] + ([note] if note else []),
                         **({"built": year} if year else {"built_in": 1970})))
    if len(items) > 1:
        merges.append(f"D{first}:D{len(rows)}")
rows += [["注：1.本名录所列面积为测绘面积；2.结构形式以鉴定为准。"]]
merges.append(f"A{len(rows)}:N{len(rows)}")
xlsx(HERE / "03-historic-buildings.xlsx", [("名录", rows, merges), ("Sheet2", [], []), ("Sheet3", [], [])])
expect("03-historic-buildings.xlsx", "heritage", want)

# 4. Museums of the province with hours and tickets, an old spreadsheet (places real, particulars made up)
ALL, TUESUN, MONFRI = "1,2,3,4,5,6,7", "2,3,4,5,6,7", "1,2,3,4,5"
museums = [
    ("宣城市", [("中国宣纸博物馆", "泾县乌溪中国宣纸文化园内", "周二至周日 8:30—17:00（16:30停止入馆），周一闭馆", "免费", "0563-5600318", "", "341823", [[TUESUN, "08:30", "17:00"]], "0563-5600318"),
               ("绩溪胡开文徽墨文化园", "绩溪县生态工业园区徽山大道", "8:00-17:30", "20元/人", "0563-8152366", "团队需提前预约", "341824", [[ALL, "08:00", "17:30"]], "0563-8152366")]),
    ("亳州市", [("古井酒文化博物馆", "谯城区古井镇", "每天9:00～17:00", "60元（含窖池参观）", "0558-5710057/5710088", "", "341602", [[ALL, "09:00", "17:00"]], "0558-5710057")]),
    ("淮北市", [("淮北市矿山博物馆", "相山区花园路与惠黎路交口", "9：00—11：30，14：30—17：00（周一闭馆）", "凭身份证免费领票", "0561-3882136", "", "340603", [[TUESUN, "09:00", "11:30"], [TUESUN, "14:30", "17:00"]], "0561-3882136"),
               ("口子酒文化博物馆", "濉溪县口子工业园", "周一至周五 8:30-11:30 14:00-17:00", "免费（预约）", "0561-6898600", "节假日不开放", "340621", [[MONFRI, "08:30", "11:30"], [MONFRI, "14:00", "17:00"]], "0561-6898600")]),
    ("合肥市", [("合肥家电故事馆", "包河区繁华大道合柴1972园区", "9:30-17:30（周一闭馆，法定节假日除外）", "免费", "0551-63505116", "", "340111", [[TUESUN, "09:30", "17:30"]], "0551-63505116")]),
    ("六安市", [("迎驾酒文化博物馆", "霍山县佛子岭镇迎驾厂区内", "上午9：00至下午4：30", "30元", "0564-5231666", "4A级景区内", "341525", [[ALL, "09:00", "16:30"]], "0564-5231666")]),
    ("铜陵市", [("金牛洞遗址陈列馆", "义安区顺安镇凤凰村", "8:00—17:00", "5元", "", "省级爱国主义教育基地", "340706", [[ALL, "08:00", "17:00"]], None)]),
    ("马鞍山市", [("马钢展示馆", "雨山区湖西路马钢办公楼旁", "需提前三天预约，周一至周五9:00-16:00", "免费", "0555-2883114", "", "340504", [[MONFRI, "09:00", "16:00"]], "0555-2883114")]),
]
book = xlwt.Workbook(encoding="utf-8")
sheet = book.add_sheet("工业博物馆")
sheet.write_merge(0, 0, 0, 7, "安徽省工业博物馆（展示馆）参观信息一览表")
sheet.write_merge(1, 1, 0, 7, "（截至2023年6月）")
for c, t in enumerate(["序号", "市", "场馆名称", "地  址", "开放时间", "门票", "咨询电话", "备  注"]):
    sheet.write(2, c, t)
r, want = 3, []
for city, items in museums:
    if len(items) > 1:
        sheet.write_merge(r, r + len(items) - 1, 1, 1, city)
    else:
        sheet.write(r, 1, city)
    for name, where, hours, ticket, phone, note, code, week, tel in items:
        for c, t in zip((0, 2, 3, 4, 5, 6, 7), (r - 2, name, where, hours, ticket, phone, note)):
            sheet.write(r, c, t)
        want.append(site(name, code, hours=week, ticket=ticket, **({"phone": tel} if tel else {}), **({"says": [note]} if note else {})))
        r += 1
book.add_sheet("Sheet2")
book.save(str(HERE / "04-museums.xls"))
expect("04-museums.xls", "museum", want)

# 5. A provincial roll of intangible heritage, GBK, sections within (items real in kind, numbers made up)
craft = [("传统美术", "Ⅶ-71", "凤阳凤画", "滁州市凤阳县", "341126"), ("传统美术", "Ⅶ-72", "灵璧磬石雕刻", "宿州市灵璧县", "341323"), ("传统美术", "Ⅶ-73", "萧县农民画", "宿州市萧县", "341322"),
         ("传统技艺", "Ⅷ-90", "宣砚制作技艺", "宣城市旌德县", "341825"), ("传统技艺", "Ⅷ-91", "涂山腐乳酿造技艺", "蚌埠市禹会区", "340304"), ("传统技艺", "Ⅷ-92", "六安黄大茶制作技艺", "六安市金寨县、裕安区", ["341524；341503", "341503；341524"]),
         ("传统技艺", "Ⅷ-93", "霍山黄芽制作技艺", "六安市霍山县", "341525"), ("传统技艺", "Ⅷ-94", "含山封扁鱼制作技艺", "马鞍山市含山县", "340522"), ("传统技艺", "Ⅷ-95", "枞阳生漆采割技艺", "铜陵市枞阳县", "340722"),
         ("传统技艺", "Ⅷ-96", "太和樱桃加工技艺", "阜阳市太和县", "341222")]
lines, last, n = ["第六批省级非物质文化遗产代表性项目名录（摘录）,,,,", "序号,编号,项目名称,申报地区或单位,备注"], None, 0
for section, no, name, where, _ in craft:
    if section != last:
        lines.append(f"{'一二'[last is not None]}、{section}（共{sum(c[0] == section for c in craft)}项）,,,,")
        last = section
    n += 1
    lines.append(f"{n},{no},{name},{where},{'扩展项目' if n == 8 else ''}")
(HERE / "05-provincial-ich-gbk.csv").write_bytes("\r\n".join(lines + [""]).encode("gbk"))
expect("05-provincial-ich-gbk.csv", "craft", [site(n, d, ich_level="省级", ich_number=no, craft_kind={"传统美术": "工艺美术"}.get(s, s)) for s, no, n, _, d in craft])

# 6. Bases of industrial tourism, a heading for each city (names partly real, particulars made up)
bases = [("合肥市", [("合柴1972文创园", "包河区", "旧厂房、家电故事馆、当代美术馆", "0551-63505100", "340111"), ("长虹美菱智能制造观光区", "蜀山区", "冰箱生产线、企业展厅", "0551-62219021", "340104"), ("庐江矾矿工业遗址公园", "庐江县", "矿硐、老街", "0551-87311688", "340124")]),
         ("芜湖市", [("奇瑞汽车工业旅游区", "鸠江区", "总装线、汽车文化馆", "0553-5951114", "340207"), ("大砻坊科技文化园", "镜湖区", "面粉楼、工业长廊", "0553-3876212", "340202")]),
         ("六安市", [("迎驾酒业工业旅游区", "霍山县", "生态酿酒车间、酒文化博物馆", "0564-5231660", "341525")]),
         ("黄山市", [("谢裕大茶文化园", "徽州区", "制茶车间、茶叶博物馆", "0559-3583988", "341004"), ("歙县老胡开文墨厂", "歙县", "点烟、制墨、描金体验", "0559-6512184", "341021"), ("万安罗盘文化园", "休宁县", "罗盘制作技艺展示", "0559-7518276", "341022")])]
blocks, n, want = [("c", "安徽省工业旅游示范基地名录"), ("p", "（2022年更新，共9家）")], 0, []
for i, (city, items) in enumerate(bases):
    blocks += [("h", f"{'一二三四'[i]}、{city}（{len(items)}家）", "2")]
    table = [["序号", "基地名称", "所在县（市、区）", "主要参观内容", "咨询电话"]]
    for name, county, what, tel, code in items:
        n += 1
        table.append([str(n), name, county, what, tel])
        want.append(site(name, code, phone=tel, recognition="工业旅游示范基地", says=[what.split("、")[0]]))
    blocks.append(("table", table, 1))
docx(HERE / "06-tour-by-city.docx", blocks)
expect("06-tour-by-city.docx", "tour_site", want)

# 7. A newspaper's report with the names in running text (made up but for a few)
press = [("合肥市", "340100", ["荣事达工业旅游区", "江淮汽车新港基地", "安徽名人馆科技长廊"]), ("蚌埠市", "340300", ["天河科技园玻璃展示中心", "宝兴面粉厂文创街区"]), ("安庆市", "340800", ["集贤时空文创园", "胡玉美酱文化园"]),
         ("池州市", "341700", ["国润祁红老厂"]), ("宣城市", "341800", ["中国宣纸文化园", "司尔特磷化工科普园"])]
(HERE / "07-press.txt").write_text("""我省新增10家省级工业旅游示范基地

2023-11-16 08:12  来源：安徽日报  记者 何某

　　本报讯 记者从省文化和旅游厅获悉，经企业自愿申报、各市初审、专家评审和现场检查，日前我省公布2023年度省级工业旅游示范基地名单，共有10家单位入选。

　　名单如下：

""" + "".join(f"　　{city}（{len(names)}家）：{'、'.join(names)}。\n" if i % 2 else f"　　{city}：{'、'.join(names)}；\n" for i, (city, _, names) in enumerate(press)) + """
　　据悉，我省将继续推动工业旅游与研学旅行、文化创意融合发展，到2025年力争建成省级工业旅游示范基地60家以上。

责任编辑：王某
""", encoding="utf-8")
expect("07-press.txt", "tour_site", [site(n, d, recognition="工业旅游示范基地") for _, d, names in press for n in names])

# 8. A city clerk's book: a sheet for each county, no column of counties (made up but for some places)
counties = [("宣州区", "341802", [("水东蜜枣厂老车间", "水东镇老街", "1956年", "食品制造业", "闲置", "一般", "水东供销社", "李工 13905630000"), ("敬亭山茶场", "敬亭山街道", "1954年", "精制茶加工", "在产", "较好", "安徽敬亭绿雪茶业有限公司", "王经理 13865631111")]),
            ("泾县", "341823", [("小岭宣纸作坊群", "丁家桥镇小岭村", "清代", "手工纸制造", "在产", "较好", "小岭村村民委员会", "曹主任 0563-5021234"), ("泾县造纸机械厂旧址", "泾川镇", "1966年", "制浆和造纸专用设备制造", "闲置", "较差", "泾县经信局", ""), ("晏公窑", "桃花潭镇", "1952年", "陶瓷制品制造", "遗址", "差", "晏公村", "")]),
            ("宁国市", "341881", [("胜利水泥厂旧址", "港口镇", "1969年", "水泥制造", "停用", "一般", "安徽海螺水泥股份有限公司宁国水泥厂", "周某 13956200000"), ("协同机械厂旧址", "霞西镇", "1968年", "机械", "闲置", "较差", "霞西镇人民政府", "")]),
            ("旌德县", "341825", [("上海小三线旌旗机械厂旧址", "孙村镇", "1967年", "电子器件", "活化利用", "较好", "旌德县文旅发展有限公司", "汪主任 0563-8602233")])]
sheets, want = [("填表说明", [["填表说明"], ["1.本表由各县（市、区）经信部门填写，1980年以前建成的均应填报。"], ["2.“利用现状”填在产、闲置、活化利用、遗址。"], ["3.请于6月30日前报送市局产业科。"]], ["A1:F1"])], []
for county, code, items in counties:
    rows = [["宣城市工业遗产摸底调查表"], [f"填报单位：{county}经济和信息化局（盖章）", None, None, None, None, None, "填报时间：2022年6月"],
            ["序号", "遗产名称", "详细地址", "建成时间", "所属行业", "利用现状", "保存状况", "权属单位", "联系人及电话", "备注"]]
    for i, (name, where, built, industry, use, state, owner, contact) in enumerate(items, 1):
        rows.append([i, name, where, built, industry, use, state, owner, contact])
        use = {"停用": "闲置"}.get(use, use)
        year = {"清代": None}.get(built, [int(built[:4])] * 2 if built[:4].isdigit() else None)
        want.append(site(name, code, address=where, use=use, condition=state, owner=owner, **({"built": year} if year else {}), **({"contact": contact.split()[1]} if contact else {})))
    rows += [["合计", f"{len(items)}处"], ["单位负责人：", None, None, "填表人：", None, None, "联系电话："]]
    sheets.append((county, rows, ["A1:J1", "A2:D2", "G2:J2"]))
xlsx(HERE / "08-sheet-per-county.xlsx", sheets)
expect("08-sheet-per-county.xlsx", "heritage", want)

# 9. A GeoJSON out of QGIS, names of columns in pinyin (places real, particulars made up)
points = [("大通煤矿旧址", "大通区", "340402", "大通街道", 1911, "煤炭开采和洗选业", "一般", 117.0531, 32.6312), ("九龙岗矿业所办公楼", "大通区", "340402", "九龙岗镇", 1930, "煤炭开采和洗选业", "较好", 117.0894, 32.6478),
          ("田家庵发电厂老厂房", "田家庵区", "340403", "姚家湾", 1941, "电力生产", "一般", 117.0168, 32.6731), ("谢家集一矿井架", "谢家集区", "340404", "谢一村", 1952, "煤炭开采和洗选业", "较差", 116.8627, 32.6012),
          ("李郢孜选煤厂", "谢家集区", "340404", "李郢孜镇", 1959, "煤炭开采和洗选业", "一般", 116.8553, 32.5805), ("八公山豆制品厂", "八公山区", "340405", "八公山镇", 1958, "豆制品制造", "较好", 116.8329, 32.6304),
          ("潘集一号井", "潘集区", "340406", "夹沟镇", 1983, "煤炭开采和洗选业", "好", 116.8421, 32.7888), ("寿州窑址陈列点", "大通区", "340402", "上窑镇", None, "陶瓷制品制造", "较好", 117.1489, 32.7002)]
(HERE / "09-qgis-pinyin.geojson").write_text(json.dumps({"type": "FeatureCollection", "name": "huainan_gyyc", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}, "features": [
    {"type": "Feature", "properties": {"fid": i, "mingcheng": n, "quxian": q, "dizhi": a, "niandai": y, "hangye": h, "baocunzhuangkuang": c, "beizhu": None}, "geometry": {"type": "Point", "coordinates": [x, yy]}}
    for i, (n, q, _, a, y, h, c, x, yy) in enumerate(points, 1)]}, ensure_ascii=False, indent=0), encoding="utf-8")
expect("09-qgis-pinyin.geojson", "heritage", [site(n, d, address=a, condition=c, lon=x, lat=yy, **({"built": [y, y]} if y else {})) for n, _, d, a, y, _, c, x, yy in points])

# 10. A shapefile in a zip, names of columns in Chinese, GBK, no .cpg (places real, particulars made up)
dots = [("佛子岭水库连拱坝", "霍山县", "341525", "1954年", "在用", "好", "佛子岭水库管理处", 116.2711, 31.3412), ("梅山水库连拱坝", "金寨县", "341524", "1956年", "在用", "好", "梅山水库管理处", 115.8803, 31.6689),
        ("响洪甸水电站", "金寨县", "341524", "1958年", "在用", "较好", "响洪甸水电站", 116.1433, 31.5614), ("横排头枢纽", "裕安区", "341503", "1959年", "在用", "好", "淠史杭灌区管理总局", 116.3558, 31.5702),
        ("龙河口水库大坝", "舒城县", "341523", "1960年", "在用", "较好", "龙河口水库管理处", 116.7714, 31.2907), ("皖西机械厂旧址", "霍山县", "341525", "1967年", "闲置", "较差", "诸佛庵镇人民政府", 116.2004, 31.4408),
        ("淮海机械厂旧址", "霍山县", "341525", "1966年", "活化利用", "较好", "霍山县文旅集团", 116.2162, 31.4327)]
shapefile(HERE / "10-shp-gbk.zip", "六安市工业遗产", [("编号", 12), ("名称", 60), ("所在县区", 30), ("建成年代", 20), ("利用现状", 20), ("保存状况", 10), ("权属单位", 60)],
          [(x, y, f"LA{i:03}", n, q, b, u, c, o) for i, (n, q, _, b, u, c, o, x, y) in enumerate(dots, 1)])
expect("10-shp-gbk.zip", "heritage", [site(n, d, built=[int(b[:4])] * 2, use={"在用": "在产"}.get(u, u), condition=c, owner=o, lon=x, lat=y) for n, _, d, b, u, c, o, x, y in dots])

# 11. Firms out of a register of companies (some names real, codes and particulars made up)
firms = [("中国宣纸股份有限公司", "91341823153540001", "泾县榔桥镇乌溪", "1996-10-08", "纸和纸板容器制造", "0563-5600001", "汪某", "341823"), ("安徽国润茶业有限公司", "91341702750960012", "池州市贵池区池口路33号", "2003-06-12", "精制茶加工", "0566-2023456", "殷某", "341702"),
         ("安徽皖维集团有限责任公司", "91340181153580560", "安徽省巢湖市皖维路56号", "1989-03-01", "合成纤维制造", "0551-82189000", "吴某", "340181"), ("绩溪县上庄胡开文墨厂", "91341824704960003", "绩溪县上庄镇", "1982-05-20", "工艺美术品制造", "0563-8591010", "胡某", "341824"),
         ("安徽鲁班造船有限公司", "91340207771110004", "芜湖市鸠江区裕溪口路", "2005-01-17", "金属船舶制造", "0553-6621234", "鲁某", "340207"), ("蚌埠卷烟厂", "91340300149850005", "蚌埠市龙子湖区胜利东路", "1951-07-01", "卷烟制造", "0552-3062345", "孙某", "340302"),
         ("淮南矿业（集团）有限责任公司", "91340400150230004", "淮南市田家庵区洞山中路1号", "1981-11-02", "烟煤和无烟煤开采洗选", "0554-7625050", "孔某", "340403"), ("萧县王府酒庄有限公司", "91341322698990007", "宿州市萧县龙城镇", "2009-12-25", "葡萄酒制造", "13955700000", "王某", "341322")]
rows = [["企业名称", "登记状态", "法定代表人", "注册资本", "成立日期", "统一社会信用代码", "注册地址", "所属行业", "联系电话", "企业（机构）类型"]]
want = []
for name, code, where, born, industry, tel, head, division in firms:
    y, m, d = map(int, born.split("-"))
    rows.append([name, "存续（在营、开业、在册）", head, "5000万人民币", datetime.date(y, m, d), uscc(code), where, industry, tel, "有限责任公司"])
    want.append(site(name, division, address=where, contact=head, says=[uscc(code), str(y)]))
rows.append(["数据来源：企业信用信息公示系统，导出时间 2023-03-02"])
xlsx(HERE / "11-firms.xlsx", [("企业列表", rows, [])])
expect("11-firms.xlsx", "organisation", want)

# 12. Core items of three sites, the site merged over its items (items partly real, counts and states made up)
(HERE / "12-sites-before.csv").write_text("名称,所在地,认定级别\n庐江矾矿,合肥市庐江县,国家\n贵池茶厂,池州市贵池区,国家\n合肥钢铁厂,合肥市瑶海区,国家\n", encoding="utf-8")
things = [("庐江矾矿", [("煅烧炉", "构筑物", "4座", "1956年", "一般", "1号炉较完整"), ("结晶池", "构筑物", "12口", "20世纪50年代", "较差", ""), ("矿工俱乐部", "建筑", "1栋", "1958年", "较好", "现作文化站")]),
          ("贵池茶厂", [("木质祁红联装生产线", "机器设备", "1套", "1953年", "好", "仍在使用"), ("锯齿形厂房", "建筑", "3栋", "1951年", "较好", ""), ("审评记录档案", "档案文献", "126册", "1951—1990年", "好", "存厂史室"), ("祁门红茶制作技艺", "工艺技术", "", "清光绪年间", "", "国家级非遗")]),
          ("合肥钢铁厂", [("58小高炉", "构筑物", "1座", "1958年", "一般", ""), ("厂区铁轨", "构筑物", "3条", "1959年", "较差", ""), ("《合钢报》", "档案文献", "1套", "1958年起", "好", "省档案馆藏复印件")])]
rows, merges, n, want = [["国家工业遗产核心物项登记表"], ["遗产名称", "序号", "物项名称", "类别", "数量", "年代", "保存状况", "备注"]], ["A1:H1"], 0, []
for owner, items in things:
    first = len(rows) + 1
    for i, (name, kind, count, made, state, note) in enumerate(items):
        n += 1
        rows.append([owner if i == 0 else None, n, name, kind, count, made, state, note])
        years = {"1956年": [1956, 1956], "20世纪50年代": [1950, 1959], "1951—1990年": [1951, 1990], "清光绪年间": [1875, 1908], "1958年起": [1958, None]}.get(made, [int(made[:4])] * 2 if made[:4].isdigit() else None)
        want.append(site(name, built=years, says=[owner, kind] + ([note] if note else []), **({"condition": state} if state else {})))
    merges.append(f"A{first}:A{len(rows)}")
xlsx(HERE / "12-core-items.xlsx", [("核心物项", rows, merges)])
expect("12-core-items.xlsx", "core_item", want, before=[["heritage", "12-sites-before.csv"]])

# 13. Relics of a city, text copied out of a PDF: page numbers, the head on each page, an address on two lines (made up but for the places)
relics = [("340503-0031", "马钢九号高炉", "1958年", "花山区", "幸福路马钢厂区内", "市级文物保护单位", "340503"), ("340504-0012", "南山矿凹山采场", "1917年", "雨山区", "向山镇南山矿业公司", "尚未核定", "340504"),
          ("340504-0013", "向山硫铁矿旧址", "1940年", "雨山区", "向山镇", "县级文物保护单位", "340504"), ("340521-0058", "太白楼电灌站", "1956年", "当涂县", "太白镇太白村", "尚未核定", "340521"),
          ("340521-0066", "当涂造纸厂烟囱", "1971年", "当涂县", "姑孰镇提署路", "尚未核定", "340521"), ("340522-0019", "林头水泥厂立窑", "1965年", "含山县", "林头镇", "尚未核定", "340522"),
          ("340523-0027", "西梁山船厂旧址", "1958年", "和县", "白桥镇西梁山村", "尚未核定", "340523"), ("340523-0030", "和县乌江轧花厂", "1933年", "和县", "乌江镇驻马河北岸老街东侧约二百米处", "县级文物保护单位", "340523"),
          ("340506-0007", "博望刃磨机床厂", "1968年", "博望区", "博望镇三杨村", "尚未核定", "340506")]
text = ["马鞍山市第三次全国文物普查不可移动文物名录", "（近现代重要史迹及代表性建筑——工业建筑及附属物）", "", "序号 编号 名称 年代 县区 地址 保护级别"]
for i, (no, name, built, county, where, grade, _) in enumerate(relics, 1):
    if i in (4, 8):
        text += ["", f"— {11 + i // 4} —", "\f序号 编号 名称 年代 县区 地址 保护级别"]
    line = f"{i} {no} {name} {built} {county} {where} {grade}"
    if len(where) > 14:
        at = line.index(where) + 10
        text += [line[:at], line[at:]]
    else:
        text.append(line)
(HERE / "13-relics-pdf.txt").write_text("\n".join(text + ["", "— 14 —", ""]), encoding="utf-8")
expect("13-relics-pdf.txt", "heritage", [site(n, d, built=[int(b[:4])] * 2, address=a, says=[no], **({"relic": g} if g != "尚未核定" else {})) for no, n, b, _, a, g, d in relics])

# 14. The list of the learned society on a layout page of 2019, GB2312 (names real, years and texts ours)
cast = [("金陵机器局", "江苏省南京市", "1865年", "机器正厂、机器大厂等9幢清代厂房；民国厂房", "中国最早的近代兵工厂之一", "320100"), ("大生纱厂", "江苏省南通市", "1895年", "钟楼、公事厅、清花间厂房", "张謇实业救国的代表", "320600"),
        ("茂新面粉厂", "江苏省无锡市", "1900年", "麦仓、制粉车间、办公楼", "荣氏企业的发源地", "320200"), ("安庆内军械所", "安徽省安庆市", "1861年", "旧址", "中国第一家近代军工作坊", "340800"),
        ("淮南煤矿", "安徽省淮南市", "1909年", "大通煤矿遗址、九龙岗建筑群、东西淮村", "华东重要煤炭基地", "340400"), ("佛子岭水库", "安徽省六安市霍山县", "1952年", "连拱坝、电站、溢洪道", "中国自行设计的第一座连拱坝", "341525"),
        ("铜官山铜矿", "安徽省铜陵市", "1952年", "露天采坑、井架、选矿厂旧址", "新中国第一座铜矿", "340700"), ("津浦铁路", "天津市、河北省、山东省、安徽省、江苏省", "1908—1912年", "济南站、蚌埠淮河大桥、浦口站", "纵贯南北的干线铁路", None)]
rows = "".join(f"<tr bgcolor='{'#FFFFFF' if i % 2 else '#EEF3FA'}'><td align=center>{i}</td><td><a href='detail.asp?id={i}'>{n}</a></td><td>{b}</td><td>{w}</td><td>{r}</td><td>{v}</td></tr>\n" for i, (n, w, b, r, v, _) in enumerate(cast, 1))
(HERE / "14-society-layout.html").write_bytes(f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>中国工业遗产保护名录（第二批）- 工业遗产网</title></head>
<body bgcolor="#FFFFFF"><table width="780" align="center" border="0" cellpadding="0"><tr><td colspan="2"><table width="100%"><tr><td>网站首页</td><td>学会动态</td><td>名录</td><td>研究</td><td>联系我们</td></tr></table></td></tr>
<tr><td width="160" valign="top"><table width="150"><tr><td>栏目导航</td></tr><tr><td>第一批名录</td></tr><tr><td>第二批名录</td></tr><tr><td>志愿者</td></tr></table></td>
<td valign="top"><p align="center"><font size="4"><b>中国工业遗产保护名录（第二批）</b></font></p><p align="center">发布日期：2019-4-12　阅读次数：3312</p>
<table width="600" border="1" bordercolor="#999999"><tr bgcolor="#3366CC"><td><font color="#FFFFFF">序号</font></td><td><font color="#FFFFFF">名称</font></td><td><font color="#FFFFFF">始建年份</font></td><td><font color="#FFFFFF">所在地</font></td><td><font color="#FFFFFF">主要遗存</font></td><td><font color="#FFFFFF">入选理由</font></td></tr>
{rows}</table><p>&lt;&lt; 上一篇　下一篇 &gt;&gt;</p></td></tr><tr><td colspan="2" align="center">版权所有 工业遗产网　京ICP备00000000号</td></tr></table></body></html>""".encode("gb18030"))
expect("14-society-layout.html", "heritage", [site(n, d, core=r.split("、")[0], built=[int(b[:4]), int(b[:4]) if len(b) == 5 else 1912], says=[v]) for n, _, b, r, v, d in cast])

(HERE / "expected.json").write_text(json.dumps(EXPECTED, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
