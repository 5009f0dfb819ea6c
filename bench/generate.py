"""Composed records of industrial heritage, as a table a county might send. No row is a real place.

usage: generate.py N [SEED] >rows.csv

Places lie about the seats of Anhui's counties (data/model/vocabularies/divisions.csv), a few counties
having most of them. Texts are put together from words and clauses, so that grams are about as frequent as
in survey texts: some in a third of all records, most in a handful."""
import csv
import pathlib
import random
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROVINCE = "34"
COLUMNS = ["编号", "名称", "区划代码", "经度", "纬度", "位置精度", "始建年代", "时代", "行业", "级别", "利用状态", "保存状况",
           "所有制", "简介", "来源", "可信度"]

# Words of names and texts; an industry has the code it is counted under and the word people say.
INDUSTRIES = [("B061", "煤矿"), ("B081", "铁矿"), ("B091", "铜矿"), ("B10", "石料"), ("C13", "榨油"), ("C13", "面粉"),
              ("C15", "酿酒"), ("C15", "制茶"), ("C17", "纺织"), ("C17", "缫丝"), ("C18", "被服"), ("C20", "木业"),
              ("C22", "造纸"), ("C23", "印刷"), ("C26", "化工"), ("C26", "化肥"), ("C27", "制药"), ("C30", "水泥"),
              ("C30", "玻璃"), ("C30", "陶瓷"), ("C30", "砖瓦"), ("C31", "炼铁"), ("C31", "轧钢"), ("C32", "炼铜"),
              ("C33", "农具"), ("C34", "机床"), ("C34", "水泵"), ("C35", "矿机"), ("C36", "汽车"), ("C37", "造船"),
              ("C37", "机车"), ("C38", "电机"), ("C39", "电子"), ("C40", "仪表"), ("D44", "发电"), ("D46", "水厂")]
KINDS = "旧址 厂房 矿井 窑址 车间 车站 码头 仓库 烟囱 水塔 高炉 井架 办公楼 宿舍 专家楼 水电站 隧道 船坞 作坊 锅炉房".split()
FIRMS = "厂 矿 公司 工场 作坊 总厂 分厂 合作社".split()
PLACES = "安平清水河山石龙江口东西南北新兴宁永长泰和德福昌华丰林云金银铜白青红黄玉泉溪湖海岭峰坪坝沟湾塘桥塔寺店堡城庄柳杨松竹梅桃枣榆槐凤鹤虎马大小上下前后太仙灵圣天古光文武义仁礼信祥瑞通达隆广建开州"
SURNAMES = "王李张刘陈杨黄赵周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方"
GIVEN = "建国华明志强文军伟秀英丽敏静芳兰玉桂凤珍春梅远学良承绪子祥景云廷芝荣德生宗敬昌言继作新其昂寿延锡鸿章盛烈应星光启冠先仲甫少卿伯平友三润之培基"
BUILT_OF = "砖木结构 钢筋混凝土结构 青砖砌筑 红砖清水墙 木桁架屋顶 钢桁架 锯齿形屋顶 条石基础 拱形门窗 水刷石外墙 歇山顶 硬山顶 双坡瓦顶 铸铁立柱 夯土墙 马头墙 苏式风格 铆接钢梁 木楼板 水磨石地面".split()
CLAUSES = ["现存主体建筑三座", "占地面积约{d}平方米", "建筑面积约{d}平方米", "是当地近代工业的重要见证", "由{P}主持兴建", "由{P}创办",
           "引进德国设备{d}台", "引进英国机器{d}套", "原有工人{d}余名", "曾年产{d}吨", "抗战爆发后内迁至{C}", "由{C}迁来",
           "后改为国营{C}{I}{F}", "一九五六年公私合营", "{Y}年停产", "{Y}年扩建", "{Y}年由{P}主持重修", "位于{T}镇",
           "距{C}约{d}公里", "东临{T}河", "西靠{T}山", "南接{T}村", "北依{T}岭", "墙体为{M}", "局部采用{M}", "现为工业展览馆",
           "现辟为文化园区", "档案中存有{P}手绘图纸", "厂区内保留铁路专用线", "附属建筑有{K}和{K}", "门额题有{P}所书匾额",
           "与{T}{I}{F}相邻", "生产工艺沿用至今", "是研究{I}发展史的实物资料", "周边环境风貌保存完整", "设有职工子弟学校",
           "专用码头已废", "保留有{Y}年标语", "{P}曾在此工作", "图纸由{T}设计院绘制"]
ERAS = [("ancient", 1400, 1839), ("modern", 1840, 1949), ("early_prc", 1950, 1963), ("third_front", 1964, 1978),
        ("reform", 1979, 1999)]
LEVELS = (["national", "province", "city", "county", "survey"], [1, 3, 8, 18, 70])
USES = (["producing", "reused", "idle", "remains"], [12, 18, 45, 25])
CONDITIONS = (["good", "fairly_good", "fair", "poor", "bad"], [10, 25, 35, 22, 8])
OWNERS = (["state", "collective", "private", "mixed", "unclear"], [50, 22, 15, 5, 8])


def counties():
    """[(code, name, lon, lat)] of the province's counties, which have a seat and no division below."""
    with open(ROOT / "data/model/vocabularies/divisions.csv", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["code"].startswith(PROVINCE) and row["lon"]]
    parents = {row["parent"] for row in rows}
    return [(row["code"], row["zh"], float(row["lon"]), float(row["lat"]))
            for row in rows if row["code"] not in parents and not row["retired"]]


def skewed(dice, items):
    """One of items, the first ones far more often (a rank is n^u, u even on [0, 1])."""
    return items[min(int((len(items) + 1) ** dice.random()) - 1, len(items) - 1)]


def town(dice):
    return dice.choice(PLACES) + dice.choice(PLACES)


def person(dice):
    return skewed(dice, SURNAMES) + dice.choice(GIVEN) + dice.choice(GIVEN)


def story(dice, year, industry, all_counties):
    """Sentences of 60 to 200 characters, the first saying what it is."""
    wanted, parts, text = dice.randrange(60, 200), [], ""
    clauses = dice.sample(CLAUSES, len(CLAUSES))
    while len(text) < wanted and clauses:
        parts.append(clauses.pop().format(
            d=dice.randrange(2, 90 if dice.random() < .5 else 9000), P=person(dice), C=skewed(dice, all_counties)[1],
            I=industry, F=dice.choice(FIRMS), Y=min(2020, year + dice.randrange(1, 60)), T=town(dice), M=dice.choice(BUILT_OF),
            K=dice.choice(KINDS)))
        text = f"{year}年始建。" + "，".join(parts) + "。"
    return text


def rows(n, seed):
    dice = random.Random(seed)
    every = counties()
    dice.shuffle(every)
    spread = {code: .01 + .07 * dice.random() * dice.random() for code, *_ in every}
    seen = set()
    for serial in range(1, n + 1):
        era, first, last = dice.choices(ERAS, [4, 20, 40, 24, 12])[0]
        year = dice.randrange(first, last + 1)
        while True:  # one name a county: a second row of it would be the same record
            code, county, lon, lat = skewed(dice, every)
            industry, word = skewed(dice, INDUSTRIES)
            name = county + town(dice) + word + dice.choice(FIRMS) + skewed(dice, KINDS)
            if (code, name) not in seen:
                seen.add((code, name))
                break
        yield [f"B{serial:08}", name, code, f"{dice.gauss(lon, spread[code]):.6f}",
               f"{dice.gauss(lat, spread[code] * .85):.6f}", "exact", f"{year}年", era, industry,
               dice.choices(*LEVELS)[0], dice.choices(*USES)[0], dice.choices(*CONDITIONS)[0], dice.choices(*OWNERS)[0],
               story(dice, year, word, every), "composed for measuring", "low"]


def write(file, n, seed):
    out = csv.writer(file, lineterminator="\n")
    out.writerow(COLUMNS)
    out.writerows(rows(n, seed))


if __name__ == "__main__":
    write(sys.stdout, int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
