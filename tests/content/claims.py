"""Claims that the content brief calls wrong. A list like this finds slips; it does not prove a text right."""

from tests.content.claim import Claim

_HERBS_EN = r"(?:eucommia|morinda|cistanche|codonopsis|astragalus|ginseng|buzhong)"
_HERBS_ZH = r"(?:杜仲|巴戟天|肉苁蓉|党参|黄芪|人参|补中益气丸?|健脾丸)"


CLAIMS: tuple[Claim, ...] = (
    # Surgery for the cauda equina keeps function; it repairs no nerve.
    Claim(
        "surgery repairs nerves",
        r"(?:surgery|operation|decompression|surgeons?)\b[^.!?]{0,60}\b(?:repairs?|heals?|regenerates?|"
        r"restores?|regrows?)\b"
        r"[^.!?]{0,20}\bnerves?\b",
        "The operation repairs the damaged nerves.",
        "The operation gives the nerves room. It does not repair nerves.",
    ),
    Claim(
        "手术修复神经",
        r"(?:手术|减压)[^。！？]{0,20}(?:修复|修好|治好|再生)[^。！？]{0,6}神经|(?:手术|"
        r"减压)[^。！？]{0,12}(?:让|使|把)?神经[^。！？]{0,6}"
        r"(?:修复|修好|再生|长好)",
        "减压手术可以修复受损的神经。",
        "手术给神经腾出空间，并不能修复神经。",
    ),
    # Weakness has many causes; an imbalance of electrolytes is one.
    Claim(
        "weakness is a matter of electrolytes",
        r"weakness (?:is|means|comes from|is caused by) (?:an? |the )?(?:electrolytes?|salts?|potassium|"
        r"imbalance of)",
        "Muscle weakness is an electrolyte disorder.",
        "Low potassium can cause weakness. That is one possible reason among many.",
    ),
    Claim(
        "无力就是电解质紊乱",
        r"无力(?:就)?(?:是|源于|来自)(?:由于|因为)?(?:体内)?(?:电解质|血钾|盐分)",
        "肌无力是电解质紊乱。",
        "血钾等电解质过低也会引起无力，但这只是许多可能原因中的一个。",
    ),
    # Myasthenia gravis is autoimmune.
    Claim(
        "myasthenia is inherited",
        r"myasthenia(?: gravis)?,? (?:is|as) (?:an? )?(?:usually |mostly |often )?(?:congenital|hereditary|"
        r"inherited|genetic|inborn)",
        "Myasthenia gravis is a congenital hereditary disease.",
        "Myasthenia gravis is not inherited in the usual sense. It is autoimmune; congenital forms are "
        "rare and different.",
    ),
    Claim(
        "重症肌无力是遗传病",
        r"重症肌无力(?:是|属于)(?:一种)?(?:先天|遗传|家族)",
        "重症肌无力是一种先天性遗传病。",
        "重症肌无力不是通常所说的遗传病，先天性的是另一类少见病。",
    ),
    # Herbs are never recommended.
    Claim(
        "herbs help",
        rf"{_HERBS_EN}\b[^.!?]{{0,60}}\b(?:helps?|strengthens?|nourish\w*|improves?|builds?|treats?|"
        rf"restores?|recommended|tonif\w*)\b"
        r"|\b(?:take|try|use|drink|brew|eat) (?:some |the )?(?:chinese |natural )?"
        rf"(?:herbs\b|herbal|{_HERBS_EN})",
        "Astragalus and ginseng strengthen the muscles.",
        "Herbs such as Eucommia or ginseng are not proven to rebuild muscle; tell your clinician what you take.",
    ),
    Claim(
        "草药有效",
        rf"{_HERBS_ZH}[^。！？；]{{0,30}}(?:(?<!可)能(?:够)?(?!和|影响|与)|可以|有助|改善|增强|滋补|强筋|"
        rf"壮骨|治疗(?!起)|推荐|宜服)"
        r"|(?:建议|推荐|可以|不妨)(?:您)?(?:服用|试试|喝|吃)(?:一些)?(?:中药|草药|中草药|偏方)",
        "黄芪、人参能增强肌力。",
        "例如黄芪、人参，可能和免疫治疗起相反的作用；本服务一样都不推荐。",
    ),
    # Spasm after nerve damage does not come from too much acetylcholine.
    Claim(
        "too much acetylcholine causes spasm",
        r"(?:excess(?:ive)?|too much|surplus|build-?up of|more and more) (?:of )?acetylcholine",
        "Excess acetylcholine makes the muscle spasm.",
        "After the nerve is lost, less acetylcholine arrives, not more.",
    ),
    Claim(
        "乙酰胆碱过多引起痉挛",
        r"乙酰胆碱(?:过多|过量|增多|堆积|蓄积|过剩)|过(?:多|量)的乙酰胆碱",
        "乙酰胆碱过多会引起痉挛。",
        "神经没有了，到达的乙酰胆碱变少，而不是变多。",
    ),
    # Weakness, thinning and twitching do not make a diagnosis; ALS often starts on one side.
    Claim(
        "twitching is motor neuron disease",
        r"(?:twitch\w*|fasciculations?)\b[^.!?]{0,60}\b(?:means?|is|are|proves?|shows?|a sure sign of|points? to) "
        r"(?:that (?:you|it|someone) (?:have|has|is) )?(?:an? )?(?:motor neurone? disease|als\b|mnd\b)",
        "Weakness with atrophy and twitching is motor neuron disease.",
        "Weakness, thinning and twitching together do not settle it; a pressed nerve can cause all three.",
    ),
    Claim(
        "肉跳就是渐冻症",
        r"(?:肉跳|肌束颤动|肌肉跳动)[^。！？]{0,20}(?:就是|说明是|意味着|证明是|表明是|"
        r"提示)[^。！？]{0,6}(?:运动神经元病|渐冻症|肌萎缩侧索硬化)",
        "无力、萎缩加上肉跳就是运动神经元病。",
        "无力、变细和肉跳同时出现，也不能就此下结论。",
    ),
    Claim(
        "als starts on both sides",
        r"(?:als|motor neurone? disease)\b (?:usually |mostly |often |always )?(?:starts?|begins?) "
        r"(?:symmetrically|on both sides|in both)",
        "ALS begins on both sides at once.",
        "Motor neuron disease often begins on one side.",
    ),
    Claim(
        "渐冻症对称起病",
        r"(?:渐冻症|运动神经元病)[^。！？]{0,10}(?:对称|两侧同时)(?:地)?(?:开始|起病|出现)",
        "渐冻症多对称起病。",
        "运动神经元病常从一侧开始。",
    ),
    # Left out, as doubtful.
    Claim(
        "smooth muscle atrophy",
        r"smooth[- ]muscles? (?:atroph|wast|shrink|gets? thin)|平滑肌[^。！？]{0,6}(?:萎缩|变细)",
        "Lower motor neuron damage leads to smooth-muscle atrophy. 平滑肌也会萎缩。",
        "The muscle thins faster when its nerve is lost. 肌肉变细比较快。",
    ),
    Claim(
        "atrophy within a week",
        r"(?:atroph\w*|shrinks?|wast(?:es|ing)|thins?)\b[^.!?]{0,30}\b(?:in|within|after) (?:just |"
        r"only )?(?:a|one|1) week\b",
        "An unused muscle shrinks within a week.",
        "It begins to shrink within days to weeks of not using it.",
    ),
    Claim(
        "一周就萎缩",
        r"(?:一|1) ?(?:周|个星期|星期)(?:内|之内|左右)?(?:就)(?:会|开始)?[^。！？]{0,6}(?:萎缩|变细|变小)",
        "肌肉不用，一周就会萎缩。",
        "肌肉不用，几天到几周就会开始变小。",
    ),
    # Mistranslations.
    Claim(
        "mistranslated",
        r"damage to god|flesh beat|beating of (?:the )?flesh|gastrocnemius muscular atrophy|"
        r"腓肠肌肌?萎缩症|神的损伤|肉体跳动",
        "Damage to God and flesh beating; gastrocnemius muscular atrophy. 腓肠肌萎缩症。",
        "Nerve damage and fasciculation; peroneal muscular atrophy (Charcot-Marie-Tooth). 腓骨肌萎缩症。",
        can_be_denied=False,
    ),
    Claim(
        "hormones for corticosteroids",
        r"\bhormone (?:therapy|treatment|drugs?|tablets?|pills?)\b|\b(?:take|taking|given|use) hormones\b",
        "Hormone therapy calms the immune system.",
        "Corticosteroids calm the immune system. An underactive thyroid is treated with the missing hormone.",
    ),
    # Motor neurons degenerate; most ALS is sporadic; atrophy is chiefly shrinkage.
    Claim(
        "necrosis of motor neurons",
        r"necro\w+ of (?:the )?(?:motor neurons?|nerve cells?)|(?:motor neurons?|nerve cells?) (?:undergo |"
        r"show )?necro\w+",
        "Necrosis of the motor neurons.",
        "In motor neuron disease these cells degenerate: they slowly fail.",
    ),
    Claim(
        "运动神经元坏死",
        r"(?:运动神经元|神经细胞)(?:的)?坏死",
        "运动神经元坏死。",
        "这些细胞发生变性，也就是慢慢衰退。",
    ),
    Claim(
        "most als is inherited",
        r"most (?:als|motor neurone? disease) (?:is|are|comes from) (?:inherited|hereditary|genetic|genes)|"
        r"\bals is (?:usually |mostly |often )?(?:inherited|hereditary)|(?:渐冻症|运动神经元病)(?:大多|"
        r"多数|通常|一般|主要)?(?:是|由)遗传",
        "Most ALS is inherited. 渐冻症多数是遗传的。",
        "Most ALS is sporadic. 大多数渐冻症并不遗传。",
    ),
    Claim(
        "atrophy is death of fibres",
        r"atrophy (?:is|means) (?:the )?(?:death|dying|loss) of (?:muscle )?(?:fibres?|cells)|"
        r"萎缩(?:就)?是(?:肌纤维|肌肉)(?:的)?(?:坏死|死亡)",
        "Atrophy is the death of muscle fibres. 萎缩就是肌肉坏死。",
        "A muscle gets thin chiefly because each fibre gets thinner. 肌纤维还在，只是变细了。",
    ),
    # Stimulation.
    Claim(
        "fes restores the connection",
        r"\b(?:fes|(?:electrical )?stimulation|pulses?)\b[^.!?]{0,60}\b(?:restores?|rejoins?|reconnects?|"
        r"rebuilds?|repairs?|"
        r"regrows?|re-?establish\w*)\b[^.!?]{0,40}\b(?:connections?|nerves?|link)\b",
        "FES restores the connection between nerve and muscle.",
        "Stimulation does not join a nerve and a muscle together again.",
    ),
    Claim(
        "电刺激恢复连接",
        r"(?:电刺激|fes|脉冲)[^。！？]{0,16}(?:恢复|重建|接通|修复|再生)[^。！？]{0,12}(?:神经|连接|联系)",
        "电刺激可以恢复神经与肌肉的连接。",
        "电刺激不能把神经和肌肉重新接起来。",
    ),
    Claim(
        "short pulses move a muscle without its nerve",
        r"short pulses? (?:can |will |also )?(?:contracts?|moves?|works? on|makes?)[^.!?]{0,40}"
        r"(?:denervated|nerve is gone|without (?:a|its) nerve)|短脉冲(?:也)?(?:能|"
        r"可以)[^。！？]{0,10}(?:失神经|没有神经|失去神经)",
        "Short pulses can contract a denervated muscle. 短脉冲也能让失去神经的肌肉收缩。",
        "The usual short pulses do not move a muscle whose nerve is gone. 短脉冲不能让失去神经的肌肉收缩。",
    ),
    # Vitamins help when they are lacking.
    Claim(
        "vitamins help everybody",
        r"(?:b vitamins?|vitamins? (?:b ?\d*|d)|vitamins)\s+(?:can |will )?(?:help|heal|repair|build|"
        r"strengthen|nourish)s?\b"
        r"(?![^.!?]*\b(?:when|if|lack|low|short|deficien\w*|missing|gap)\b)",
        "B vitamins nourish the nerves.",
        "B vitamins help when they are low.",
    ),
    Claim(
        "维生素营养神经",
        r"(?<!缺)维生素 ?[a-z]?\d*(?:族)?(?:能|可以|有助于)?(?:营养|修复|滋养|强壮|增强)(?:神经|肌肉)",
        "B族维生素B12营养神经，维生素B12能修复神经。",
        "B族维生素在缺乏时有帮助。",
    ),
    # Cures, stories, adverts.
    Claim(
        "promises a cure",
        r"\b(?:guaranteed|sure|certain|100 ?%) (?:cure|recovery)|\b(?:is|are|can be) (?:completely|fully|"
        r"totally) cured\b|"
        r"保证治好|根治率|药到病除|(?:彻底|完全)治愈",
        "A guaranteed cure: it can be completely cured. 彻底治愈。",
        "For most there is no cure yet. 目前还不能根治。",
    ),
    Claim(
        "tells a patient's story",
        r"(?-i:\b(?:Mr|Mrs|Ms)\.? [A-Z][a-z]+)|\b\d{1,2}[- ]year[- ]old (?:man|woman|patient|boy|girl)|"
        r"one of our patients|"
        r"(?:张|王|李|刘|陈|赵)(?:某|先生|女士|阿姨|大爷)|\d{1,2} ?岁的?(?:患者|男子|女子)",
        "Mrs Wang, a 56-year-old woman, walked again. 李女士，56岁的患者。",
        "Each son has an even chance. People with leprosy deserve care.",
        can_be_denied=False,
    ),
)
