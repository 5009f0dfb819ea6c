"""Writes the three summary tables of the 2022 survey as a county might hand them in, and
expected.json. Needs python3-openpyxl and python3-docx; the tests read what is kept here."""
import json
import pathlib

import docx
import openpyxl

HERE = pathlib.Path(__file__).resolve().parent
CASES = []


def case(file, type_name, records, others=0, outside=()):
    CASES.append({"file": file, "type": type_name, "others": others, "outside": list(outside), "records": records})
    return HERE / file


def sheet(book, title, rows, merges=()):
    page = book.create_sheet(title)
    for r, row in enumerate(rows, 1):
        for c, value in enumerate(row, 1):
            if value is not None:
                page.cell(r, c, value)
    for merge in merges:
        page.merge_cells(merge)
    return page


HERITAGE_TITLE = "附件1 工业遗产摸底调查汇总表"
HERITAGE_HEAD = ["序号", "遗产名称", "所在县（市、区）", "详细地址", "建成时间", "所属行业", "权属单位", "占地面积（亩）", "建筑面积（平方米）", "主要遗存",
                 "利用现状", "保存状况", "是否文物保护单位", "历史、科技、社会、艺术价值", "联系人", "联系电话", "备注"]
HERITAGE = [
    [1, "合肥柴油机厂旧址", "包河区", "包河区工业旧址路1号", "1972年", "通用设备制造业", "合肥滨投文化创意发展有限公司", 180, 64000, "穹顶车间、烟囱、岗楼", "活化利用", "较好", "否",
     "见证合肥机械工业发展", "张三", "0551-60000001", "示例"],
    [2, "安徽维尼纶厂老厂区", "巢湖市", "巢湖市厂区路2号", "1969年", "化学纤维制造业", "安徽皖维集团有限责任公司", None, None, "老办公楼；水塔", "在产", "良好", "否", None, "李四", "0551-60000002", None],
    [3, "合肥钢铁厂高炉区", "瑶海区", "同上", "1958年", "黑色金属冶炼和压延加工业", "马钢（合肥）公司", "约300", None, "1958年小高炉；铁轨", "闲置", "一般", "市级文物保护单位", "安徽钢铁工业起步的见证", "王五", "0551-60000003", None],
]


def heritage():
    book = openpyxl.Workbook()
    book.remove(book.active)
    last = "ABCDEFGHIJKLMNOPQ"[len(HERITAGE_HEAD) - 1]
    sheet(book, "工业遗产", [[HERITAGE_TITLE], ["填报单位（盖章）：合肥市经济和信息化局", None, None, None, None, None, "填报日期：2022年4月8日"], HERITAGE_HEAD, *HERITAGE,
                         ["填报人：赵六", None, None, None, "审核人：钱七", None, None, None, "联系电话：0551-60000000"],
                         ["说明：本表填1980年以前建成的工业遗产；没有的填“无”。"]], [f"A1:{last}1"])
    book.save(case("1-heritage.xlsx", "heritage", [
        {"name": "合肥柴油机厂旧址", "division": "340111", "built": [1972, 1972], "industry": "C34", "owner": "合肥滨投文化创意发展有限公司", "area": "64000",
         "core": "穹顶车间", "use": "活化利用", "condition": "较好", "contact": "张三"},
        {"name": "安徽维尼纶厂老厂区", "division": "340181", "built": [1969, 1969], "industry": "C28", "owner": "安徽皖维集团有限责任公司", "core": "水塔", "use": "在产",
         "condition": "好"},
        {"name": "合肥钢铁厂高炉区", "division": "340102", "built": [1958, 1958], "industry": "C31", "core": "1958年小高炉", "use": "闲置", "condition": "一般",
         "says": ["市级文物保护单位", "安徽钢铁工业起步的见证"]},
    ]))


MUSEUM_TITLE = "附件2 工业博物馆摸底调查汇总表"
MUSEUM_HEAD = ["序号", "博物馆名称", "类别", "所在县（市、区）", "详细地址", "建成开放时间", "主办单位", "建筑面积（平方米）", "展陈面积（平方米）", "藏品数量（件/套）", "主要展陈",
               "是否免费开放", "年接待人次", "联系人及联系电话", "备注"]
MUSEUM = [
    ["1", "合柴记忆馆", "企业博物馆", "包河区", "包河区工业旧址路1号", "2019年10月", "合肥滨投文化创意发展有限公司", "1200", "800", "350", "家电、柴油机", "是", "2.5万人次", "张三 0551-60000001", ""],
    ["2", "巢湖化纤展示馆", "行业博物馆", "巢湖市", "巢湖市厂区路2号", "2015年", "安徽皖维集团有限责任公司", "600", "400", "", "维尼纶生产线模型", "是", "3000", "李四 0551-60000002", ""],
]


def museums():
    page = docx.Document()
    page.add_paragraph(MUSEUM_TITLE)
    page.add_paragraph("填报单位（盖章）：合肥市经济和信息化局        填报日期：2022年4月8日")
    table = page.add_table(rows=0, cols=len(MUSEUM_HEAD))
    table.style = "Table Grid"
    for row in [MUSEUM_HEAD, *MUSEUM]:
        cells = table.add_row().cells
        for cell, value in zip(cells, row):
            cell.text = str(value)
    page.add_paragraph("说明：工业博物馆须向社会开放，包括工业博物馆、行业博物馆、企业博物馆、工业历史名人纪念馆。")
    page.save(case("2-museums.docx", "museum", [
        {"name": "合柴记忆馆", "division": "340111", "opened": [2019, 2019], "area": "1200", "kind": "企业", "contact": "张三",
         "says": ["合肥滨投文化创意发展有限公司", "25000"]},
        {"name": "巢湖化纤展示馆", "division": "340181", "opened": [2015, 2015], "area": "600", "kind": "行业",
         "says": ["安徽皖维集团有限责任公司", "维尼纶生产线模型"]},
    ]))


BASE_TITLE = "附件3 工业研学游基地摸底调查汇总表"
BASE_HEAD = ["序号", "基地名称", "依托单位", "所在县（市、区）", "详细地址", "认定名称", "认定部门", "认定时间", "主要研学课程", "单批接待人数", "年接待人次", "开放时间", "预约电话", "联系人", "联系电话", "备注"]
BASE = [
    [1, "长虹美菱工业研学基地", "长虹美菱股份有限公司", "蜀山区", "蜀山区莲花路3号", "市级研学旅行基地", "市教育局", "2020年", "冰箱生产线参观；制冷科普实验", 50, "8000人次", "周一至周五 9:00-16:00", "0551-60000011", "孙八",
     "13900000011", None],
    [2, "合柴1972研学点", "合肥滨投文化创意发展有限公司", "包河区", "包河区工业旧址路1号", "市工业旅游示范点", "市文化和旅游局", "2021年", "家电故事馆讲解", 40, 12000, None, "0551-60000012", "张三", "13900000012", None],
]


def bases():
    book = openpyxl.Workbook()
    book.remove(book.active)
    sheet(book, "研学基地", [[BASE_TITLE], ["填报单位：合肥市经济和信息化局"], BASE_HEAD, *BASE, ["合计", "2家"]])
    book.save(case("3-study-bases.xlsx", "industrial_base", [
        {"name": "长虹美菱工业研学基地", "division": "340104", "phone": "0551-60000011", "contact": "孙八",
         "says": ["长虹美菱股份有限公司", "9:00-16:00", "制冷科普实验", "市教育局", "市级研学旅行基地"]},
        {"name": "合柴1972研学点", "division": "340111", "phone": "0551-60000012",
         "says": ["合肥滨投文化创意发展有限公司", "家电故事馆讲解", "市文化和旅游局"]},
    ]))


# All three in one book, the way a city gathers them: each import takes its own sheet.
def one_book():
    book = openpyxl.Workbook()
    book.remove(book.active)
    sheet(book, "附件1工业遗产", [[HERITAGE_TITLE], HERITAGE_HEAD, *HERITAGE[:2]])
    sheet(book, "附件2工业博物馆", [[MUSEUM_TITLE], MUSEUM_HEAD, *MUSEUM])
    sheet(book, "附件3研学游基地", [[BASE_TITLE], BASE_HEAD, *BASE])
    book.save(case("4-all-three.xlsx", "heritage", [
        {"name": "合肥柴油机厂旧址", "division": "340111", "built": [1972, 1972]},
        {"name": "安徽维尼纶厂老厂区", "division": "340181", "built": [1969, 1969]},
    ], outside=["附件2工业博物馆", "附件3研学游基地"]))


heritage()
museums()
bases()
one_book()
(HERE / "expected.json").write_text(json.dumps(CASES, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
