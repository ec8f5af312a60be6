"""Splitting long sentences: invented ones with the pieces they become, and those that must stay whole."""

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.cutting.pieces import lexicon
from summarizer.cutting.splitting import _RULES, split
from summarizer.gate import faults_of_group
from summarizer.text.tagging import Tagger, open_tagger
from summarizer.text.tokens import read_tokens

# Every sentence here is invented.
SPLIT: list[tuple[str, list[str]]] = [
    # "It also has", but "it has also grown"; of three nouns the last says what it is.
    (
        "The new method is sensitive to all salts and oils and has a high degree of precision.",
        ["The new method is sensitive to all salts and oils.", "It also has a high degree of precision."],
    ),
    (
        "The researchers built a salt water capture tool that holds the flies for nine days.",
        ["The researchers built a salt water capture tool.", "This tool holds the flies for nine days."],
    ),
    # What a thing is, and what that kind of thing does: whatever is told of it is told of the thing.
    (
        "Hepsol is a small marine protein that controls the growth of fungi and has no taste.",
        [
            "Hepsol is a small marine protein.",
            "This marine protein controls the growth of fungi and has no taste.",
        ],
    ),
    (
        "Sponges are simple marine animals that have no eyes and clean the water of the bay.",
        ["Sponges are simple marine animals.", "These animals have no eyes and clean the water of the bay."],
    ),
    (
        "The coat of the seed acts as a tough shield that keeps the germs of the soil away.",
        ["The coat of the seed acts as a tough shield.", "This shield keeps the germs of the soil away."],
    ),
    (
        "The researchers built a small wooden trap that can hold the flies for nine days.",
        ["The researchers built a small wooden trap.", "This trap can hold the flies for nine days."],
    ),
    # "As" is no clause; a list of three verbs needs no comma before its "and"; a name may stand as an aside.
    (
        "The membrane serves as a barrier to large drugs and holds a store of iron.",
        ["The membrane serves as a barrier to large drugs.", "It also holds a store of iron."],
    ),
    (
        "Hepsol binds to the gate, boosts the flow of salt and speeds up the beat of the heart.",
        [
            "Hepsol binds to the gate.",
            "It also boosts the flow of salt.",
            "It speeds up the beat of the heart.",
        ],
    ),
    (
        "The old enzyme, TRIX23, protects the wall of the cell, but the loss of iron harms it.",
        ["The old enzyme, TRIX23, protects the wall of the cell.", "But the loss of iron harms it."],
    ),
    (
        "The ability to find food in the dark is vital to bats, but little is known about its roots.",
        ["The ability to find food in the dark is vital to bats.", "But little is known about its roots."],
    ),
    (
        "Growth factor 2 is a part of the signal and plays a vital role for the heart.",
        ["Growth factor 2 is a part of the signal.", "It also plays a vital role for the heart."],
    ),
    # What only researchers do, and with what they do it.
    (
        "The researchers use a new camera to track the bats over a lake, and show strong bonds in the group.",
        [
            "The researchers use a new camera.",
            "They do this to track the bats over a lake.",
            "They also show strong bonds in the group.",
        ],
    ),
    (
        "The researchers used old maps and long interviews to find the wells of the village.",
        [
            "The researchers used old maps and long interviews.",
            "They did this to find the wells of the village.",
        ],
    ),
    (
        "The kinase controls growth and survival by marking a wide network of proteins.",
        ["The kinase controls growth and survival.", "It does this by marking a wide network of proteins."],
    ),
    (
        "The treated mice lost no weight at all, strongly suggesting that the drug is safe.",
        ["The treated mice lost no weight at all.", "This strongly suggests that the drug is safe."],
    ),
    (
        "The ring opens only at the low end of the strand, perhaps explaining how it finds the gene.",
        [
            "The ring opens only at the low end of the strand.",
            "This perhaps explains how it finds the gene.",
        ],
    ),
    (
        "The researchers describe SewRNA, a method that uses short strands to join and mend long ones.",
        [
            "The researchers describe SewRNA.",
            "This is a method that uses short strands to join and mend long ones.",
        ],
    ),
    (
        "These results name the gene, suggest that it mends the strand, and suggest that drugs may help.",
        [
            "These results name the gene.",
            "They also suggest that it mends the strand.",
            "They suggest that drugs may help.",
        ],
    ),
    (
        "The researchers found that the gene guides the growth of cells and that the drug blocks its work.",
        [
            "The researchers found that the gene guides the growth of cells.",
            "They also found that the drug blocks its work.",
        ],
    ),
    (
        "The enzyme cuts the long strand near its end, and the repair crew joins the two loose pieces.",
        [
            "The enzyme cuts the long strand near its end.",
            "The repair crew joins the two loose pieces.",
        ],
    ),
    (
        "The drug slowed the growth of the tumours, but the mice still lost a great deal of weight.",
        [
            "The drug slowed the growth of the tumours.",
            "But the mice still lost a great deal of weight.",
        ],
    ),
    (
        "Vaccine A raised antibody levels in every age group, whereas vaccine B had no effect at all.",
        [
            "Vaccine A raised antibody levels in every age group.",
            "But vaccine B had no effect at all.",
        ],
    ),
    (
        "The new test found most early cancers; the old test missed more than half of the cases.",
        [
            "The new test found most early cancers.",
            "The old test missed more than half of the cases.",
        ],
    ),
    (
        "Although the tablets were cheap, most clinics in the region could not get enough of them.",
        [
            "The tablets were cheap.",
            "But most clinics in the region could not get enough of them.",
        ],
    ),
    (
        "The protein binds to the membrane of the cell and induces a strong immune response there.",
        [
            "The protein binds to the membrane of the cell.",
            "It also induces a strong immune response there.",
        ],
    ),
    (
        "Loss of the gene increases the number of stem cells and leads to larger tumours.",
        [
            "Loss of the gene increases the number of stem cells.",
            "It also leads to larger tumours.",
        ],
    ),
    (
        "Smoking damages the lining of the airways, leading to repeated infections of the lungs.",
        [
            "Smoking damages the lining of the airways.",
            "This leads to repeated infections of the lungs.",
        ],
    ),
    (
        "The tumour released a small protein, resulting in rapid growth of nearby blood vessels.",
        [
            "The tumour released a small protein.",
            "This resulted in rapid growth of nearby blood vessels.",
        ],
    ),
    (
        "The virus can enter the nerve cells of the brain, causing long periods of confusion.",
        [
            "The virus can enter the nerve cells of the brain.",
            "This can cause long periods of confusion.",
        ],
    ),
    (
        "Half of the treated animals lived to old age, suggesting that the treatment protects the heart.",
        [
            "Half of the treated animals lived to old age.",
            "This suggests that the treatment protects the heart.",
        ],
    ),
    (
        "The enzyme removes a phosphate group from the receptor, which stops the signal within minutes.",
        [
            "The enzyme removes a phosphate group from the receptor.",
            "This stops the signal within minutes.",
        ],
    ),
    (
        "The team followed 240 nurses with back pain, which was measured every month by post.",
        [
            "The team followed 240 nurses with back pain.",
            "This was measured every month by post.",
        ],
    ),
    (
        "Hepsol, a small molecule from marine sponges, blocks the growth of many fungi in the laboratory.",
        [
            "Hepsol is a small molecule from marine sponges.",
            "It blocks the growth of many fungi in the laboratory.",
        ],
    ),
    (
        "The tumours made large amounts of Lorin, a protein that helps cells to move.",
        [
            "The tumours made large amounts of Lorin.",
            "This is a protein that helps cells to move.",
        ],
    ),
    (
        "The results suggest that the gene protects older mice and that its loss shortens their lives.",
        [
            "The results suggest that the gene protects older mice.",
            "They also suggest that its loss shortens their lives.",
        ],
    ),
    (
        "The researchers found that the vaccine worked in children and that its effect lasted for two years.",
        [
            "The researchers found that the vaccine worked in children.",
            "They also found that its effect lasted for two years.",
        ],
    ),
    (
        "Using a new type of scanner, the researchers measured the blood flow in 40 volunteers.",
        [
            "The researchers used a new type of scanner.",
            "They measured the blood flow in 40 volunteers.",
        ],
    ),
    (
        "To find the source of the outbreak, the researchers tested water from twelve village wells.",
        [
            "The aim was to find the source of the outbreak.",
            "The researchers tested water from twelve village wells.",
        ],
    ),
    (
        "The drug kills resistant bacteria by punching large holes in the outer wall of the cell.",
        [
            "The drug kills resistant bacteria.",
            "It does this by punching large holes in the outer wall of the cell.",
        ],
    ),
    (
        "The researchers compared the two groups of patients using a questionnaire on sleep and mood.",
        [
            "The researchers compared the two groups of patients.",
            "They did this using a questionnaire on sleep and mood.",
        ],
    ),
    (
        "The valve opened too early because the spring had lost much of its original strength.",
        [
            "The valve opened too early.",
            "This was because the spring had lost much of its original strength.",
        ],
    ),
    (
        "The extract slowed the growth of several bacteria, including two that cause severe skin infections.",
        [
            "The extract slowed the growth of several bacteria.",
            "These bacteria include two that cause severe skin infections.",
        ],
    ),
    (
        "The extract slowed the growth of several bacteria, including two strains of "
        "salmonella and one of listeria.",
        [
            "The extract slowed the growth of several bacteria.",
            "These bacteria include two strains of salmonella and one of listeria.",
        ],
    ),
    (
        "These cells line the inner wall of the gut, and they take up most of the fat that humans eat.",
        [
            "These cells line the inner wall of the gut.",
            "They take up most of the fat that humans eat.",
        ],
    ),
    (
        "The kinase adds phosphate to three sites on the receptor and removes the receptor from the surface.",
        [
            "The kinase adds phosphate to three sites on the receptor.",
            "It also removes the receptor from the surface.",
        ],
    ),
    (
        "The new drug was safe in all age groups, yet most doctors continued to use the old one.",
        [
            "The new drug was safe in all age groups.",
            "But most doctors continued to use the old one.",
        ],
    ),
    (
        "The gene is active in the skin of young mice, but it is silent in adults of both sexes.",
        [
            "The gene is active in the skin of young mice.",
            "But it is silent in adults of both sexes.",
        ],
    ),
    (
        "The scaffold protein holds both enzymes together, thereby increasing the speed "
        "of the whole reaction.",
        [
            "The scaffold protein holds both enzymes together.",
            "This increases the speed of the whole reaction.",
        ],
    ),
    (
        "Thus, the mutation weakens the outer wall of the bacterium, and the drug enters more easily.",
        [
            "Thus, the mutation weakens the outer wall of the bacterium.",
            "The drug enters more easily.",
        ],
    ),
    (
        "The hormone lowers blood sugar within an hour, and its effect lasts for most of the day.",
        [
            "The hormone lowers blood sugar within an hour.",
            "Its effect lasts for most of the day.",
        ],
    ),
    (
        "The two proteins compete for the same site on the DNA, and the winner decides the fate of the cell.",
        [
            "The two proteins compete for the same site on the DNA.",
            "The winner decides the fate of the cell.",
        ],
    ),
    (
        "The researchers show that Tarmin, a protein of the nerve cell, controls the length of the axon.",
        [
            "Tarmin is a protein of the nerve cell.",
            "The researchers show that it controls the length of the axon.",
        ],
    ),
    (
        "The clinic treated 512 patients in 2019, and 37 of them (7.2%) came back within a month.",
        [
            "The clinic treated 512 patients in 2019.",
            "37 of them (7.2%) came back within a month.",
        ],
    ),
    (
        "The bacteria lack a cell wall, so they are not harmed by penicillin or related drugs.",
        [
            "The bacteria lack a cell wall.",
            "So they are not harmed by penicillin or related drugs.",
        ],
    ),
    (
        "Mice without the gene were smaller than their siblings, while mice with two "
        "extra copies were larger.",
        [
            "Mice without the gene were smaller than their siblings.",
            "Mice with two extra copies were larger.",
        ],
    ),
    (
        "Regular walking may improve the mood of older people, leading to better sleep at night.",
        [
            "Regular walking may improve the mood of older people.",
            "This may lead to better sleep at night.",
        ],
    ),
    (
        "The antibody reached the tumour within a day, and its level stayed high for three weeks.",
        [
            "The antibody reached the tumour within a day.",
            "Its level stayed high for three weeks.",
        ],
    ),
    (
        "The trial enrolled 1,204 women in nine countries, and 1,090 of them finished the treatment.",
        [
            "The trial enrolled 1,204 women in nine countries.",
            "1,090 of them finished the treatment.",
        ],
    ),
    (
        "The pill lowered the level of cholesterol in the blood, but it did not change the risk of stroke.",
        [
            "The pill lowered the level of cholesterol in the blood.",
            "But it did not change the risk of stroke.",
        ],
    ),
    (
        "The worm has only 302 nerve cells, yet it can learn to avoid dangerous food.",
        [
            "The worm has only 302 nerve cells.",
            "But it can learn to avoid dangerous food.",
        ],
    ),
    (
        "The tumour cells divide quickly; they also move to other organs through the blood.",
        [
            "The tumour cells divide quickly.",
            "They also move to other organs through the blood.",
        ],
    ),
    (
        "Though the test is not perfect, it finds nine out of ten cancers of the bowel.",
        [
            "The test is not perfect.",
            "But it finds nine out of ten cancers of the bowel.",
        ],
    ),
    (
        "Whereas the first drug blocks the enzyme, the second drug destroys it within a few hours.",
        [
            "The first drug blocks the enzyme.",
            "But the second drug destroys it within a few hours.",
        ],
    ),
    (
        "The enzyme is made in the liver and is released into the blood after a large meal.",
        [
            "The enzyme is made in the liver.",
            "It is also released into the blood after a large meal.",
        ],
    ),
    (
        "Deletion of the gene slowed the growth of the roots and reduced the number of leaves.",
        [
            "Deletion of the gene slowed the growth of the roots.",
            "It also reduced the number of leaves.",
        ],
    ),
    (
        "The parasite hides inside red blood cells, preventing the immune system from finding it.",
        [
            "The parasite hides inside red blood cells.",
            "This prevents the immune system from finding it.",
        ],
    ),
    (
        "The gene is switched off in most tumours, indicating that it may protect healthy cells.",
        [
            "The gene is switched off in most tumours.",
            "This indicates that it may protect healthy cells.",
        ],
    ),
    (
        "High doses might damage the kidneys of older people, resulting in longer hospital stays.",
        [
            "High doses might damage the kidneys of older people.",
            "This might result in longer hospital stays.",
        ],
    ),
    (
        "The bacteria form a thick film on the catheter, making the infection hard to treat.",
        [
            "The bacteria form a thick film on the catheter.",
            "This makes the infection hard to treat.",
        ],
    ),
    (
        "The receptor sits on the surface of nerve cells, which are damaged early in the disease.",
        [
            "The receptor sits on the surface of nerve cells.",
            "These cells are damaged early in the disease.",
        ],
    ),
    (
        "Lomarin, a drug for high blood pressure, slowed the growth of the tumours in mice.",
        [
            "Lomarin is a drug for high blood pressure.",
            "It slowed the growth of the tumours in mice.",
        ],
    ),
    (
        "The study was carried out in Malmo, a city in the south of Sweden.",
        [
            "The study was carried out in Malmo.",
            "This is a city in the south of Sweden.",
        ],
    ),
    (
        "The drug acts on Trenin, an enzyme that breaks down fat in the muscles of mice.",
        [
            "The drug acts on Trenin.",
            "This is an enzyme that breaks down fat in the muscles of mice.",
        ],
    ),
    (
        "The data show that the drug reaches the brain and that the brain removes it quickly.",
        [
            "The data show that the drug reaches the brain.",
            "They also show that the brain removes it quickly.",
        ],
    ),
    (
        "The findings indicate that the mutation is common and that it arose only recently.",
        [
            "The findings indicate that the mutation is common.",
            "They also indicate that it arose only recently.",
        ],
    ),
    (
        "By using two kinds of dye, the researchers followed single molecules in living cells.",
        [
            "The researchers used two kinds of dye.",
            "They followed single molecules in living cells.",
        ],
    ),
    (
        "Using records from four hospitals, the researchers found that older patients "
        "waited longer for surgery.",
        [
            "The researchers used records from four hospitals.",
            "They found that older patients waited longer for surgery.",
        ],
    ),
    (
        "To compare the two methods of surgery, the researchers followed 88 patients for five years.",
        [
            "The aim was to compare the two methods of surgery.",
            "The researchers followed 88 patients for five years.",
        ],
    ),
    (
        "The fungus harms the plant by blocking the flow of water through the stem.",
        [
            "The fungus harms the plant.",
            "It does this by blocking the flow of water through the stem.",
        ],
    ),
    (
        "Growth factors may protect the nerve by keeping the blood vessels around it open.",
        [
            "Growth factors may protect the nerve.",
            "They may do this by keeping the blood vessels around it open.",
        ],
    ),
    (
        "The researchers counted the cells in each layer of the skin using an automatic microscope.",
        [
            "The researchers counted the cells in each layer of the skin.",
            "They did this using an automatic microscope.",
        ],
    ),
    (
        "The researchers collected samples from 40 rivers to measure the level of the drug in water.",
        [
            "The researchers collected samples from 40 rivers.",
            "They did this to measure the level of the drug in water.",
        ],
    ),
    (
        "The children slept badly because the noise of the road kept them awake at night.",
        [
            "The children slept badly.",
            "This was because the noise of the road kept them awake at night.",
        ],
    ),
    (
        "The laboratory of the hospital developed a blood test that finds the disease within an hour.",
        [
            "The laboratory of the hospital developed a blood test.",
            "This blood test finds the disease within an hour.",
        ],
    ),
    (
        "The drug interacts with many common medicines, including two tablets for high blood pressure.",
        [
            "The drug interacts with many common medicines.",
            "These medicines include two tablets for high blood pressure.",
        ],
    ),
    (
        "The vaccine was stored in ordinary refrigerators, and this lowered the cost of each dose.",
        [
            "The vaccine was stored in ordinary refrigerators.",
            "This lowered the cost of each dose.",
        ],
    ),
    (
        "The mutation makes the channel open too often, thus reducing the strength of the signal.",
        [
            "The mutation makes the channel open too often.",
            "This reduces the strength of the signal.",
        ],
    ),
    (
        "However, the effect was small, and it disappeared within six weeks of the last dose.",
        [
            "However, the effect was small.",
            "It disappeared within six weeks of the last dose.",
        ],
    ),
    (
        "The gene controls the colour of the flower, and the same gene controls its scent.",
        [
            "The gene controls the colour of the flower.",
            "The same gene controls its scent.",
        ],
    ),
    (
        "The researchers measured the level of vitamin D in 340 women with breast cancer.",
        [
            "The researchers measured the level of vitamin D.",
            "They did this in 340 women with breast cancer.",
        ],
    ),
    (
        "The extract slowed the growth of several bacteria, such as salmonella and two strains of listeria.",
        [
            "The extract slowed the growth of several bacteria.",
            "These bacteria include salmonella and two strains of listeria.",
        ],
    ),
    (
        "Because the gene was silent in the tumour, the drug had no effect on its growth.",
        [
            "The gene was silent in the tumour.",
            "So the drug had no effect on its growth.",
        ],
    ),
    (
        "The researchers report a new role for the gene: it keeps young cells from dying.",
        [
            "The researchers report a new role for the gene.",
            "It keeps young cells from dying.",
        ],
    ),
    (
        "The drug shrank the tumours within a week, although it did not lengthen the lives of the mice.",
        [
            "The drug shrank the tumours within a week.",
            "But it did not lengthen the lives of the mice.",
        ],
    ),
    (
        "The germs seem to live in the soil; this explains why the wells were not clean.",
        [
            "The germs seem to live in the soil.",
            "This explains why the wells were not clean.",
        ],
    ),
    (
        "The researchers recorded the light of mouse cones and found that the level of rod input increased.",
        [
            "The researchers recorded the light of mouse cones.",
            "They also found that the level of rod input increased.",
        ],
    ),
    (
        "The researchers used a new kind of scanner to track the moves of the small cells.",
        [
            "The researchers used a new kind of scanner.",
            "They did this to track the moves of the small cells.",
        ],
    ),
    (
        "The median time to death was 14 months in the group. The tumour values came from the test.",
        [
            "The median time to death was 14 months in the group.",
            "The tumour values came from the test.",
        ],
    ),
    (
        "The number of wild bees in the valley fell to a third, due to the spraying of the orchards.",
        [
            "The number of wild bees in the valley fell to a third.",
            "This was due to the spraying of the orchards.",
        ],
    ),
    (
        "The larvae grow more slowly in the dark, consistent with a role of light in feeding.",
        [
            "The larvae grow more slowly in the dark.",
            "This is consistent with a role of light in feeding.",
        ],
    ),
    (
        "The new test was offered to the smaller clinics, most of which had no laboratory.",
        [
            "The new test was offered to the smaller clinics.",
            "Most of them had no laboratory.",
        ],
    ),
    (
        "The germs are then carried by the blood to the liver, where they grow for several days.",
        [
            "The germs are then carried by the blood to the liver.",
            "There, they grow for several days.",
        ],
    ),
    (
        "The researchers have built a simple dish in which cells compete for the same food.",
        [
            "The researchers have built a simple dish.",
            "In it, cells compete for the same food.",
        ],
    ),
    (
        "The germ is held back by a very stable protein made up of nine equal parts.",
        [
            "The germ is held back by a very stable protein.",
            "This protein is made up of nine equal parts.",
        ],
    ),
    (
        "The researchers found two small proteins that keep the door of the cell open.",
        [
            "The researchers found two small proteins.",
            "These proteins keep the door of the cell open.",
        ],
    ),
    (
        "These measurements support an older theory of growth and show that heat alone starts the change.",
        [
            "These measurements support an older theory of growth.",
            "They also show that heat alone starts the change.",
        ],
    ),
    (
        "Tarsine, the main sugar of the sap, keeps the leaves of the plant from freezing in winter.",
        [
            "Tarsine is the main sugar of the sap.",
            "It keeps the leaves of the plant from freezing in winter.",
        ],
    ),
    (
        "Highly active drugs can stop the growth of the germ but their price has been far too high.",
        [
            "Highly active drugs can stop the growth of the germ.",
            "But their price has been far too high.",
        ],
    ),
    (
        "The drug is thought to slow the growth of the tumours, but its effect on the bones is unknown.",
        [
            "The drug is thought to slow the growth of the tumours.",
            "But its effect on the bones is unknown.",
        ],
    ),
    (
        "The new test finds the germ in most of the samples; but how it does so is still unknown.",
        [
            "The new test finds the germ in most of the samples.",
            "But how it does so is still unknown.",
        ],
    ),
    (
        "The cells divide quickly in the young fish of the pond, but little is known about their fate.",
        [
            "The cells divide quickly in the young fish of the pond.",
            "But little is known about their fate.",
        ],
    ),
    (
        "The enzyme is vital for the growth of the young roots, and there are many forms of it.",
        [
            "The enzyme is vital for the growth of the young roots.",
            "There are many forms of it.",
        ],
    ),
    (
        "At least one change in the gene was found in most of the families, which suggests a common cause.",
        [
            "At least one change in the gene was found in most of the families.",
            "This suggests a common cause.",
        ],
    ),
    (
        "The protein keeps the membranes apart but the genes that control this step are largely unexplored.",
        [
            "The protein keeps the membranes apart.",
            "But the genes that control this step are largely unexplored.",
        ],
    ),
    (
        "The Ca2+-binding protein holds the two membranes together, and we found that it is short-lived.",
        [
            "The Ca2+-binding protein holds the two membranes together.",
            "We found that it is short-lived.",
        ],
    ),
    (
        "The loss of netrin-1 stops the growth of the nerves in the leg, and the muscles become weak.",
        [
            "The loss of netrin-1 stops the growth of the nerves in the leg.",
            "The muscles become weak.",
        ],
    ),
    (
        "They found that the gene is lost in both small and big lumps, and that this loss speeds up growth.",
        [
            "They found that the gene is lost in both small and big lumps.",
            "They also found that this loss speeds up growth.",
        ],
    ),
    (
        "These results explain the structure of the large pore, and explain how it opens and closes.",
        [
            "These results explain the structure of the large pore.",
            "They also explain how it opens and closes.",
        ],
    ),
    (
        "The drug slowed the growth of most tumours, and the loss of weight can harm people with cancer.",
        [
            "The drug slowed the growth of most tumours.",
            "The loss of weight can harm people with cancer.",
        ],
    ),
    (
        "The tumours shrank in most of the animals, and the effect was seen in women with early disease.",
        [
            "The tumours shrank in most of the animals.",
            "The effect was seen in women with early disease.",
        ],
    ),
    (
        "The drug, given to mice and rats with tumours, slows the growth of the lumps and extends life.",
        [
            "The drug, given to mice and rats with tumours, slows the growth of the lumps.",
            "It also extends life.",
        ],
    ),
    (
        "By comparing the scans of 40 women, the researchers show that small tumours grow faster.",
        [
            "The researchers compared the scans of 40 women.",
            "They show that small tumours grow faster.",
        ],
    ),
    (
        "By testing the soil around old mines, the researchers found that worms carry lead into the fields.",
        [
            "The researchers tested the soil around old mines.",
            "They found that worms carry lead into the fields.",
        ],
    ),
    (
        "The aim was to estimate the cost of the test in each region and to compare it with that of others.",
        [
            "The aim was to estimate the cost of the test in each region.",
            "The aim was also to compare it with that of others.",
        ],
    ),
    (
        "This allows nurses to skip the slow step of the old method and to read the result at home.",
        [
            "This allows nurses to skip the slow step of the old method.",
            "This also allows nurses to read the result at home.",
        ],
    ),
    (
        "The protein was recently shown to guard the wall of the cell, and to carry iron across it.",
        [
            "The protein was recently shown to guard the wall of the cell.",
            "It was also recently shown to carry iron across it.",
        ],
    ),
    (
        "The damage is known, but the extent to which those cells recover in number and function is not.",
        [
            "The damage is known.",
            "But the extent to which those cells recover in number and function is not.",
        ],
    ),
    (
        "Parts of the wall have been found, but the question of how they bend it remains largely unsolved.",
        [
            "Parts of the wall have been found.",
            "But the question of how they bend it remains largely unsolved.",
        ],
    ),
    (
        "Twins are also seen in birds and snakes; most of these are thought to arise late in growth.",
        [
            "Twins are also seen in birds and snakes.",
            "Most of these are thought to arise late in growth.",
        ],
    ),
    (
        "Control of the motor is vital for many functions, including cell division, transport and growth.",
        [
            "Control of the motor is vital for many functions.",
            "These functions include cell division, transport and growth.",
        ],
    ),
    (
        "These new insights into the wall might help us to design a drug thus, offering hope to many.",
        [
            "These new insights into the wall might help us to design a drug.",
            "This might offer hope to many.",
        ],
    ),
    (
        "The trial had the power to detect a difference of 5% and to rule out larger harms.",
        [
            "The trial had the power to detect a difference of 5%.",
            "It also had the power to rule out larger harms.",
        ],
    ),
    (
        "The new tube had no effect on the number of births; however it greatly increased the pain.",
        [
            "The new tube had no effect on the number of births.",
            "But it greatly increased the pain.",
        ],
    ),
    (
        "The valley feeds the whole city in winter, but how its water is shared out is not well known.",
        [
            "The valley feeds the whole city in winter.",
            "But how its water is shared out is not well known.",
        ],
    ),
    (
        "The motors also pull long chains of beads, but surprisingly, this needs no fuel of any kind.",
        [
            "The motors also pull long chains of beads.",
            "Surprisingly, this needs no fuel of any kind.",
        ],
    ),
    (
        "Rare, long-lived beetles of the valley have been found, but the old maps of them remain lost.",
        [
            "Rare, long-lived beetles of the valley have been found.",
            "But the old maps of them remain lost.",
        ],
    ),
    (
        "The enzyme binds to the long chain, which in the end leads to the loss of the whole ring.",
        [
            "The enzyme binds to the long chain.",
            "This in the end leads to the loss of the whole ring.",
        ],
    ),
    (
        "These red lamps, which are common in old towns, often fail in the first weeks of winter.",
        [
            "These red lamps are common in old towns.",
            "These lamps often fail in the first weeks of winter.",
        ],
    ),
    (
        "Metastasis, the spread of a tumour to other places, is the main cause of death from this cancer.",
        [
            "Metastasis is the spread of a tumour to other places.",
            "It is the main cause of death from this cancer.",
        ],
    ),
    (
        "The loss of the gene doubled the growth of the tumours, illustrating that it holds the cells back.",
        [
            "The loss of the gene doubled the growth of the tumours.",
            "This illustrates that it holds the cells back.",
        ],
    ),
    (
        "Most of the falls in the old houses were seen among women, who were often alone for the whole day.",
        [
            "Most of the falls in the old houses were seen among women.",
            "These women were often alone for the whole day.",
        ],
    ),
    (
        "The old lamp is cheap in most of the towns; the new lamp is not as bright in the long nights.",
        [
            "The old lamp is cheap in most of the towns.",
            "The new lamp is not as bright in the long nights.",
        ],
    ),
]

# A condition, a doubt, a denial, a list or an uncertain subject reaches over every place where one could cut.
WHOLE: list[str] = [
    "The old drug slows many tumors, including of the lung and the liver and the skin of the old mice.",
    # What is to be made is not there yet; a shift or a bay, a reason or a drug: which of both?
    "The researchers aimed to develop a simple new test that can find the germ in a day.",
    "The researchers report a marked shift in a northern bay that can be linked to warm water.",
    "The gate is a large protein and the target of heparin, a sugar that also blocks germs and has few uses.",
    # "And" within a subject, "between" that waits for its "and", and a list of claims behind semicolons.
    "The odds of men with little iron was 2.2 and the odds of men with much iron and the gene was 1.5.",
    "They discuss the gap between their findings for the germ using a dye and results of other teams.",
    "They show that Hepsol is common, possibly allowing growth; that it binds salt; and that it dries.",
    # What is only sought or hoped for, the first of its kind, and what nothing is told of.
    "The clinic in the valley needs a cheap new test that finds the germ within a day.",
    "The aim of the work was a cheap new vaccine that protects calves and cows.",
    "The data show the first example of a drug that stops the germ within a day.",
    "It is a small marine protein that blocks the growth of many fungi in the bay.",
    "There are small marine proteins that block the growth of many fungi in the bay.",
    "Hepsol is not a small marine protein that blocks the growth of many fungi.",
    "The old drug acts as well as a new drug that kills all of the germs.",
    "The cells show a lasting response after exposure to a sound which may be vital for growth.",
    # Whose "and" it is.
    "The researchers report a new and simple approach to predict the strength of the old bonds.",
    "They show how the genes move, use strong dyes, and find the germs in the soil.",
    "The pups like Hepsol, a sweet oil and a gum of the acacia tree of the south.",
    # What opens with "As" is no clause of its own, and a question with no verb of its own no sentence.
    "As germ cells are thought to play a key role for growth and can be kept, this study counted them.",
    "It explains why the old dam in the north failed; and why their plea for a new dam is misplaced.",
    # "Unwanted" is nothing that somebody did.
    "Drug unwanted health events, worsening kidney disease, and patient desire were the causes of stopping.",
    # Whose growth is it, who else does it, and of what?
    "The researchers show that Hepsol binds the enzyme and that Hepsol drives its growth in the old cells.",
    "The researchers show that the sensors switch on the pumps and trigger the release of salt.",
    "The secretions raised the growth and spread, but lowered the death, of the cells of the liver.",
    # A doubt, a denial or persons before what is told of it.
    "The number of bees may fall to a third in the dry valleys, due to the spraying of orchards.",
    "The germ did not reach the liver of the treated animals, where it could have grown for days.",
    "The nurses talked to the families of the women with asthma, where they measured the dust.",
    "No new test was offered to the smaller clinics of the north, most of which had no laboratory.",
    # What is brought in only perhaps, or told of no one thing.
    "The researchers looked for a way in which cells could compete for the same food in a dish.",
    "The germ may be held back by a very stable protein made up of nine equal parts.",
    "The germ is held back by a very stable protein used in vaccines in young children.",
    "The researchers did not find two small proteins that keep the door of the cell open.",
    "The researchers found proteins that keep the door of the large and hungry cell open.",
    # Who shows it?
    "The paper describes a test that finds the germ within a day and shows that it is alive.",
    "The researchers report a way to tell the genes apart: a mark made of two parts that lie in the gene.",
    "The researchers found mutations of the gene in 46 patients with leukaemia in two cities of Spain.",
    "The researchers studied the link between diet and cancer in 1,204 men from nine countries.",
    "The researchers think that the gene is silent: no protein was found in the liver.",
    "The tests had three aims: they were to find carriers of the gene, and to treat them.",
    "The drug does not only slow the growth of the tumour, but it also keeps the cells from spreading.",
    "The researchers asked 40 nurses with back pain to describe the work that they did each day.",
    "The researchers had no power to detect a small rise of the risk in older people.",
    "The researchers showed that cells grown in low oxygen did not divide and lost their round shape.",
    "The doctors saw large tumours, resistant to all the usual drugs, which shrank slowly at last.",
    "The nurses measured the size of the wound and the pain, which fell to a half within nine days.",
    "They also found that several of the bonds with serine and threonine residues were weak in water.",
    "The most common germ found in the children undergoing incision and drainage was the golden one.",
    "The drug raised the level of several hormones, including two of the thyroid, in mice without the gene.",
    "The tests had three aims: to find carriers; to treat them, which takes a whole year; and to teach.",
    "The team studied both the upper airway, which warms the air, and the lower airway of the horse.",
    "The drug slowed the loss of bone and improved the balance of most patients within a year.",
    "The tablets lowered the pain in older women and raised the blood pressure during the first month.",
    "The infection is a common cause of ulcers; between a third and a half of all cases may be due to it.",
    "The cells had contact sites that held actin, vinculin, talin, and tyrosine phosphorylated proteins.",
    "Studies had to include one class for parents, and one standardised tool measuring the mood of mothers.",
    "The number of risks measured in young adults, including weight and smoking, were linked to stroke.",
    "The two tests found copies of the (i) long and (ii) short form of the gene in most of the samples.",
    "The patient had a good appetite and 1 year later has a normal level of sugar in her blood.",
    "The team measured the dose, filtered the samples by using paper, washed them, and counted the cells.",
    "Two readers took data from the original reports by post, including signs of good and bad methods.",
    "The researchers identified a short piece of RNA that controls the size of the liver.",
    "The treated mice gained weight, moved more freely, and lived longer than expected by their keepers.",
    "The inhibitor blocks the channel and may reduce the pain caused by damaged nerves.",
    "The old vaccine needs three doses, while the new one needs a single injection.",
    "The factor binds to the start of the gene and turns the gene on in young cells.",
    "The nurses collected 312 samples of blood, which were stored at minus eighty degrees.",
    "The team discovered an enzyme in soil bacteria that breaks down several kinds of plastic.",
    "The spleen removes old blood cells and stores iron for the making of new ones.",
    "The two strains grow at the same speed and make the same amount of the toxin.",
    "In patients with diabetes, the drug lowered blood pressure, and the risk of stroke fell by a third.",
    "If the tumour is found early, surgery is possible, and most patients live for many years.",
    "The authors suggest that the gene causes the disease, and drugs against it may help.",
    "The drug reduced pain and improved sleep in women who had taken part in the first study.",
    "The drug reduced pain and improved sleep compared with placebo over a period of twelve weeks.",
    "The vaccine protected adults and lowered the number of severe cases only when given twice.",
    "The study did not show that the drug causes weight gain and raises blood pressure.",
    "The researchers did not find a drug that slows the growth of this rare tumour.",
    "It is unknown whether the protein binds to the receptor, which is found on many cells.",
    "Some patients lost weight during the first month and gained strength after the second operation.",
    "The rates of relapse and death were 12% and 4% in the two groups, respectively, and both fell later.",
    "The drug was given to men, women and children with severe asthma in three large hospitals.",
    "The gene is found in the liver, the kidney, a part of the brain, and the lining of the gut.",
    "The protein that binds the drug and blocks the channel was found in every tissue of the mouse.",
    "When the enzyme is missing, the sugar builds up in the liver, and the cells slowly die.",
    "Risk was lower in people who walked every day, after adjusting for age, sex and smoking.",
    "The data may suggest a link between diet and mood in teenagers of both sexes.",
    "Neither the drug nor the placebo changed the number of headaches or the length of each attack.",
    "The tumour shrank in mice given the drug and in mice given both the drug and radiation.",
    "The researchers asked whether sleep affects memory and how stress changes the result of the test.",
    "Does the new drug lower the risk of stroke, and is it safe for people over eighty?",
    "Cells treated with the drug and grown for two days in low oxygen showed few signs of damage.",
    "The risk increases with age and weight in both sexes and in all countries of the study.",
    "The new method is fast, cheap and easy to use in small clinics without a laboratory.",
    "The trial included people with mild or moderate disease who had never received the drug before.",
    "The authors believe that the drug slows the disease, leading to longer lives for many patients.",
    "Among women over fifty, screening lowered the death rate, and most women accepted the invitation.",
    "The drug does not cross the wall of the gut or reach the brain of adult mice.",
    "The tumour did not grow when the drug and the antibody were given on the same day.",
    "Patients who took the drug and walked every day had fewer falls than the other patients.",
    "The results suggest that the drug blocks the channel and reduces the pain of the mice.",
    "The drug lowered the risk of stroke and raised the risk of bleeding during the first month.",
    "Only half of the nurses knew the rule and followed it in every ward of the hospital.",
    "The cells carry the mutation or lack the gene in all of the samples from this hospital.",
    "The researchers tested whether the drug reaches the brain, which is protected by a barrier.",
    "The level of the hormone in the blood of men and women was measured every four hours.",
    "Unless the wound is cleaned at once, bacteria enter the blood, and the infection spreads.",
    "The dose was 5 mg in the first week, 10 mg in the second, and 20 mg after that.",
    "The drug was more effective than placebo in reducing pain and improving sleep in both trials.",
    "The virus was found in bats, rats and mice but not in any of the farm animals.",
    "No patient died or needed a second operation during the first year after the surgery.",
    "The authors propose that the protein folds into a ring, leading to stronger binding of DNA.",
    "Both the number of cells and the length of each cell increased in the treated plants.",
    "The aim was to find out how the drug enters the cell and why it kills some cells.",
    "Tumours with the mutation grew faster, in mice as well as in cell culture, than the others.",
    "The drug was stopped in 12 of 340 patients (3.5%) because of rash, fever or joint pain.",
    "Sudden changes, such as loss of light and heat, slow the growth of the plants, but the roots recover.",
    "The researchers show an unexpected and new effect of the drug that controls kinases in the cells.",
    "The drug is thought to work, and they propose that it blocks the germ in mice, but it may harm rats.",
    "The researchers think that the drug slows the growth of the tumours, but the bones are at risk.",
    "The findings describe a young cell that gives rise to all of the others and provide a new marker.",
    "Breast screening programmes in the north of the country, which are free, were visited by few women.",
    "By comparing scans and recording all changes, the researchers found three genes that matter here.",
    "By making a new kind of mouse, the researchers found that the gene guides the growth of the heart.",
    "The researchers report five patients, aged 51 to 77 years, who developed an inflammation of the skin.",
    "The researchers report five patients, all of them from two hospitals, who fell ill with the same fever.",
    "The researchers found 28 strains that were slow to move and 10 strains with a slightly higher response.",
    "The researchers found two genes that drive growth in mice and a third that slows it in old animals.",
    "The new mouse is a model that shows the growth of tumours and a tool that helps to test new drugs.",
    "By comparing the scans of both groups, the researchers will learn which tumours grow faster.",
    "By comparing the scans of both groups, the researchers hope to learn which tumours grow faster.",
    "By imaging of the whole brain in mice, the researchers found that small tumours grow faster.",
    "The drug was shown to slow the growth of tumours and to prolong survival compared with the old one.",
    "The drug was shown to slow the growth of tumours and to prolong survival under low oxygen.",
    "Training is integral to solving health problems, including training in the use of new drugs.",
    "The drug was not found to lower the risk of stroke and to raise the risk of falls in old age.",
    "These parts offer general ways both to control the work of genes and to add new parts over time.",
    "The tool was used to find germs, to count them, and to sort those that live in the gut.",
    "The test was built to find tumours in women of any age and to rule out other diseases.",
    "Several studies have looked at changes in blood cells, including early death and loss of the wall.",
    "The old lamp gives much light in the long nights of the winter and thus often.",
    "The old lamp gives much light in the long nights of the winter but now, often.",
    "The motors also pull long chains of beads, but, oddly enough, this needs no fuel of any kind.",
    "Most lamps, which are red in winter, often fail in the long rain of the first weeks.",
    "Lamps of the north, which are red in winter, often fail in the long rain of spring.",
    "The aim was to build a small lamp that finds mice in the dark and to try it against cats.",
    "The gene is found in old mice, which are small and grey, and in all rats that live in the north.",
    "The enzyme changes the outer wall of the cell, which is also tied to growth, by raising its acid.",
    "Yearly tests are likely to be worth their price in the towns; monthly tests are not at these prices.",
    "The new drug eased the pain of most of the old mice; the old drug did not.",
    "The lamp is cheap, bright, small and light, and remains in use in many of the old houses.",
]

# All that a cut may bring in or leave out; everything else is the authors' and stays.
JOINING = frozenset(
    {
        "this",
        "these",
        "that",
        "it",
        "they",
        "also",
        "but",
        "and",
        "yet",
        "which",
        "who",
        "while",
        "whereas",
        "although",
        "though",
        "so",
        "is",
        "are",
        "was",
        "were",
        "do",
        "does",
        "did",
        "may",
        "might",
        "can",
        "could",
        "the",
        "aim",
        "researchers",
        "use",
        "used",
        "using",
        "by",
        "thereby",
        "thus",
        "include",
        "including",
        "such",
        "as",
        "because",
        "where",
        "there",
        "them",
        "however",
    }
)
_WORD = re.compile(r"[^\W_]+(?:[-.,'’][^\W_]+)*")
_DENIALS = ("not", "no", "never", "neither", "nor", "without", "only", "none", "cannot")
_VERB_ENDINGS = re.compile(r"(?:ing|es|ed|s|e)$")


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return open_tagger()


@pytest.mark.parametrize(("sentence", "pieces"), SPLIT, ids=[row[0][:40] for row in SPLIT])
def test_a_long_sentence_becomes_short_ones(tagger: Tagger, sentence: str, pieces: list[str]) -> None:
    assert split(sentence, tagger) == pieces


@pytest.mark.parametrize("sentence", WHOLE, ids=[sentence[:40] for sentence in WHOLE])
def test_a_sentence_stays_whole_where_a_cut_could_change_it(tagger: Tagger, sentence: str) -> None:
    assert split(sentence, tagger) == [sentence]


@pytest.mark.parametrize("sentence", [row[0] for row in SPLIT])
def test_no_number_no_denial_and_no_word_is_lost(tagger: Tagger, sentence: str) -> None:
    before, after = _content(sentence), _content(" ".join(split(sentence, tagger)))
    lost = {word for word in before if word not in after}
    brought = {word for word in after if word not in before}
    assert {_stem(word) for word in lost} == {_stem(word) for word in brought}  # "leading" → "leads" at most
    assert not any(char.isdigit() for word in lost | brought for char in word)
    assert _denials(sentence) == _denials(" ".join(split(sentence, tagger)))


def test_the_frame_of_a_finding_may_be_left_out(tagger: Tagger) -> None:
    sentence = "The researchers found that the vaccine protects calves."
    assert split(sentence, tagger) == [sentence]
    assert split(sentence, tagger, drop_frames=True) == ["The vaccine protects calves."]


@pytest.mark.parametrize(
    "sentence",
    [
        "The results suggest that the vaccine protects calves.",
        "The authors believe that the vaccine protects calves.",
        "The researchers found that the vaccine protects calves and that it is cheap if they buy it in bulk.",
        "The researchers found a vaccine that protects calves.",
        "The researchers did not find that the vaccine protects calves.",
        "The researchers show that the vaccine works, and explain how it protects calves.",
        "These data show that the vaccine protects calves in the dry season and suggest that it lasts.",
    ],
)
def test_a_doubt_a_denial_and_a_second_claim_keep_their_frame(tagger: Tagger, sentence: str) -> None:
    assert split(sentence, tagger, drop_frames=True)[0].startswith(sentence[:25])


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "   ",
        "One. Two. And three sentences are left as they are, and nothing is cut in any of them.",
        "Is the drug safe, and does it lower the risk of stroke in people over the age of eighty?",
        "An unclosed (bracket is no reason to fail, and the sentence is then left alone as it is.",
        'He said "the drug works well, and the nurses agree" to all of the patients in the ward.',
    ],
)
def test_what_is_no_plain_sentence_comes_back_unchanged(tagger: Tagger, text: str) -> None:
    assert split(text, tagger) == [text]


def test_no_rule_cuts_what_has_none_of_its_words(tagger: Tagger) -> None:
    cut = set()
    for sentence, pieces in SPLIT:
        for text in (sentence, *pieces):
            tokens = read_tokens(text, tagger)[:-1]
            here = {token.low for token in tokens}
            for rule, words in _RULES:
                if len(tokens) > 1 and rule(tokens) is not None:
                    assert words & here, (rule, text)
                    cut.add(rule)
    assert cut == {rule for rule, _ in _RULES}


def test_a_piece_is_never_cut_from_itself_again(tagger: Tagger) -> None:
    long = "by looking at the weight, the strength, the mood and the memory of very many older people at home"
    pieces = split(f"The early signs of the disease may become visible {long}.", tagger)
    assert pieces[1:] in ([], [f"They may do this {long}."])


def test_names_in_small_letters_keep_them(tagger: Tagger) -> None:
    pieces = split("The two genes act in turn in the skin of the mouse; p53 switches on last of all.", tagger)
    assert pieces[1].startswith("p53 ")


_PHRASES = st.sampled_from(
    [
        "the",
        "a",
        "drug",
        "cells",
        "gene",
        "patients",
        "reduced",
        "binds",
        "and",
        "but",
        "which",
        "that",
        ",",
        ", and",
        ";",
        ":",
        "leading to",
        "not",
        "12.5%",
        "(n = 3)",
        "in",
        "mice",
        "if",
        "because",
        "may",
        "suggest that",
        "although",
        "using",
        "by blocking",
        "of",
        "who",
        "were",
        "is",
        "it",
        "they",
        "researchers",
        "found that",
        "including",
        "“",
        ")",
        "treated",
        "with",
        "while",
        "to test",
        "respectively",
        "p53",
        ".",
        "…",
        "🧬",
        "٣",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_PHRASES, max_size=45).map(lambda parts: " ".join(parts) + "."))
def test_no_word_soup_loses_a_number_or_a_denial(text: str) -> None:
    after = split(text, open_tagger())
    joined = " ".join(after)
    assert all(piece.strip() for piece in after) or after == [text]
    assert sorted(re.findall(r"\d[\d.]*%?", text)) == sorted(re.findall(r"\d[\d.]*%?", joined))
    assert _denials(text) == _denials(joined)
    assert {_stem(w) for w in _content(text)} == {_stem(w) for w in _content(joined)}


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_nothing_makes_it_fail(text: str) -> None:
    assert split(text, open_tagger(), drop_frames=True)


@pytest.mark.parametrize(
    "part", ["a, which is ", "and the drug does ", "(", "x", "that ", ", leading to ", "“"]
)
def test_hostile_length_is_no_burden(tagger: Tagger, part: str) -> None:
    text = part * (100_000 // len(part)) + "."
    assert split(text, tagger) == [text]
    split(part * (1_900 // len(part)) + ".", tagger)


def _content(text: str) -> Counter[str]:
    return Counter(word for word in (w.lower() for w in _WORD.findall(text)) if word not in JOINING)


def _denials(text: str) -> Counter[str]:
    return Counter(word for word in (w.lower() for w in _WORD.findall(text)) if word in _DENIALS)


def _stem(word: str) -> str:
    return _VERB_ENDINGS.sub("", {"led": "leads", "made": "makes"}.get(word, word))


@pytest.mark.parametrize(
    "text",
    [
        "Using four kinds of cell models, the researchers show their activities in all of the tissues.",
        "The protocol changes the answer of each cell in a way that depends on the time between pulses.",
        "The level of this protein can be raised in stressed cells by the kinase p38, which stabilizes it.",
        "The study tells of the answers of white cells to parasites, which may help to find new drugs.",
        "Survivors had limited knowledge of screening tests, which may have led to lower rates of tests.",
    ],
)
def test_nothing_is_cut_that_would_point_to_nothing(tagger, text):
    assert not any(
        piece.startswith(("They show their", "This way", "This stabilizes it", "These may"))
        for piece in split(text, tagger)
    )


@pytest.mark.parametrize("doing", sorted(lexicon().means))
def test_the_gate_sees_that_what_was_done_is_the_same_word(doing: str) -> None:
    did = doing.removesuffix("ing") + "ed"
    evidence = f"By {doing} the old mines, we found that worms carry lead."
    assert not faults_of_group([f"The researchers {did} the old mines.", "Worms carry lead."], evidence, ())


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        (
            "(1) Song does not ease pain in children; (2) dance or rest do not change mood; and (3) song "
            "might tire children with asthma (n = 3) and cough.",
            [
                "Song does not ease pain in children.",
                "Dance or rest do not change mood.",
                "Song might tire children with asthma (n = 3) and cough.",
            ],
        ),
        (
            "The results suggest that (i) song may ease cough in women, and (ii) dance may lift mood.",
            [
                "The results suggest that song may ease cough in women.",
                "The results suggest that dance may lift mood.",
            ],
        ),
    ],
)
def test_a_numbered_list_of_clauses_is_a_sentence_for_each(tagger, text, pieces):
    assert split(text, tagger) == pieces


@pytest.mark.parametrize(
    "text",
    [
        "Children were given either (1) song for ten weeks in groups, or (2) rest for ten weeks alone.",
        "The outcomes were (1) death from any cause, (2) relapse of disease, and (3) admission to hospital.",
        "The researchers asked whether (1) song eases cough in women, (2) song eases pain, (3) rest does.",
        "Cough is eased if (1) song is given daily to children, and (2) rest is given daily too.",
    ],
)
def test_no_other_list_is_cut_at_its_numbers(tagger, text):
    assert split(text, tagger) == [text]
