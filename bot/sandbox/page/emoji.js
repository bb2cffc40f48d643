// Shortcodes that people and bots commonly use. One that is missing is shown as it was written.

const TABLE = `
smile 😄 smiley 😃 grinning 😀 grin 😁 laughing 😆 joy 😂 rofl 🤣 slightly_smiling_face 🙂 upside_down_face 🙃
wink 😉 blush 😊 innocent 😇 heart_eyes 😍 star-struck 🤩 kissing_heart 😘 yum 😋 stuck_out_tongue 😛
thinking_face 🤔 neutral_face 😐 expressionless 😑 smirk 😏 unamused 😒 relieved 😌 pensive 😔 sleepy 😪
sleeping 😴 mask 😷 sunglasses 😎 nerd_face 🤓 confused 😕 worried 😟 slightly_frowning_face 🙁
white_frowning_face ☹️ open_mouth 😮 astonished 😲 flushed 😳 pleading_face 🥺 cry 😢 sob 😭 scream 😱
disappointed 😞 sweat 😓 sweat_smile 😅 weary 😩 tired_face 😫 triumph 😤 rage 😡 angry 😠 hugging_face 🤗
partying_face 🥳 exploding_head 🤯 shushing_face 🤫 zipper_mouth_face 🤐 saluting_face 🫡 melting_face 🫠
wave 👋 raised_hand ✋ hand ✋ ok_hand 👌 v ✌️ crossed_fingers 🤞 point_left 👈 point_right 👉 point_up_2 👆
point_down 👇 point_up ☝️ +1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 fist ✊ facepunch 👊 clap 👏 raised_hands 🙌
open_hands 👐 handshake 🤝 pray 🙏 writing_hand ✍️ muscle 💪 eyes 👀 eye 👁️ brain 🧠 speaking_head_in_silhouette 🗣️
bust_in_silhouette 👤 busts_in_silhouette 👥 people_holding_hands 🧑‍🤝‍🧑 raising_hand 🙋 bow 🙇 shrug 🤷 facepalm 🤦
heart ❤️ orange_heart 🧡 yellow_heart 💛 green_heart 💚 blue_heart 💙 purple_heart 💜 black_heart 🖤 white_heart 🤍
broken_heart 💔 sparkling_heart 💖 two_hearts 💕 100 💯 boom 💥 sparkles ✨ star ⭐ star2 🌟 fire 🔥 zap ⚡
dizzy 💫 speech_balloon 💬 thought_balloon 💭 zzz 💤 tada 🎉 confetti_ball 🎊 balloon 🎈 gift 🎁 birthday 🎂
trophy 🏆 medal 🏅 first_place_medal 🥇 dart 🎯 rocket 🚀 airplane ✈️ car 🚗 bus 🚌 train 🚆 bike 🚲 ship 🚢
house 🏠 office 🏢 school 🏫 hospital 🏥 earth_americas 🌎 earth_africa 🌍 globe_with_meridians 🌐 world_map 🗺️
sunny ☀️ partly_sunny ⛅ cloud ☁️ rain_cloud 🌧️ snowflake ❄️ umbrella ☔ rainbow 🌈 ocean 🌊 seedling 🌱
deciduous_tree 🌳 evergreen_tree 🌲 palm_tree 🌴 cactus 🌵 herb 🌿 four_leaf_clover 🍀 sunflower 🌻 rose 🌹
tulip 🌷 cherry_blossom 🌸 bouquet 💐 apple 🍎 lemon 🍋 banana 🍌 grapes 🍇 strawberry 🍓 peach 🍑 avocado 🥑
pizza 🍕 taco 🌮 bread 🍞 cake 🍰 cookie 🍪 doughnut 🍩 coffee ☕ tea 🍵 beer 🍺 beers 🍻 wine_glass 🍷
champagne 🍾 clinking_glasses 🥂 dog 🐶 cat 🐱 mouse 🐭 rabbit 🐰 fox_face 🦊 bear 🐻 panda_face 🐼 lion_face 🦁
bird 🐦 penguin 🐧 owl 🦉 bee 🐝 butterfly 🦋 snail 🐌 turtle 🐢 fish 🐟 dolphin 🐬 whale 🐳 elephant 🐘 unicorn_face 🦄
soccer ⚽ basketball 🏀 guitar 🎸 musical_note 🎵 notes 🎶 microphone 🎤 headphones 🎧 art 🎨 clapper 🎬 camera 📷
movie_camera 🎥 tv 📺 iphone 📱 phone ☎️ telephone_receiver 📞 computer 💻 keyboard ⌨️ printer 🖨️ floppy_disk 💾
bulb 💡 flashlight 🔦 candle 🕯️ mag 🔍 mag_right 🔎 lock 🔒 unlock 🔓 key 🔑 hammer 🔨 wrench 🔧
hammer_and_wrench 🛠️ gear ⚙️ nut_and_bolt 🔩 link 🔗 paperclip 📎 scissors ✂️ pushpin 📌 round_pushpin 📍
triangular_flag_on_post 🚩 bell 🔔 no_bell 🔕 loudspeaker 📢 mega 📣 mailbox 📫 email 📧 envelope ✉️ e-mail 📧
incoming_envelope 📨 inbox_tray 📥 outbox_tray 📤 package 📦 memo 📝 pencil 📝 pencil2 ✏️ pen ✒️ book 📖 books 📚
notebook 📓 ledger 📒 page_facing_up 📄 page_with_curl 📃 bookmark 🔖 bookmark_tabs 📑 newspaper 📰 clipboard 📋
calendar 📆 date 📅 spiral_calendar_pad 🗓️ card_index 📇 file_folder 📁 open_file_folder 📂 chart_with_upwards_trend 📈
chart_with_downwards_trend 📉 bar_chart 📊 money_with_wings 💸 moneybag 💰 dollar 💵 credit_card 💳 receipt 🧾
hourglass ⌛ hourglass_flowing_sand ⏳ alarm_clock ⏰ stopwatch ⏱️ watch ⌚ clock1 🕐 clock3 🕒 clock9 🕘
white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎
heavy_plus_sign ➕ heavy_minus_sign ➖ question ❓ grey_question ❔ exclamation ❗ heavy_exclamation_mark ❗ bangbang ‼️
interrobang ⁉️ warning ⚠️ no_entry ⛔ no_entry_sign 🚫 construction 🚧 rotating_light 🚨 sos 🆘 information_source ℹ️
recycle ♻️ arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ arrow_upper_right ↗️ leftwards_arrow_with_hook ↩️
arrows_counterclockwise 🔄 repeat 🔁 fast_forward ⏩ double_vertical_bar ⏸️ arrow_forward ▶️ black_square_for_stop ⏹️
one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ keycap_ten 🔟 zero 0️⃣ hash #️⃣
red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵
large_purple_circle 🟣 white_circle ⚪ black_circle ⚫ large_green_square 🟩 large_red_square 🟥
small_blue_diamond 🔹 small_orange_diamond 🔸 white_large_square ⬜ black_large_square ⬛ new 🆕 free 🆓 up 🆙 cool 🆒 ok 🆗
robot_face 🤖 ghost 👻 alien 👽 baby 👶 child 🧒 girl 👧 boy 👦 adult 🧑 woman 👩 man 👨 family 👪 student 🧑‍🎓
teacher 🧑‍🏫 technologist 🧑‍💻 artist 🧑‍🎨 mortar_board 🎓 school_satchel 🎒 briefcase 💼 ticket 🎫 admission_tickets 🎟️
compass 🧭 puzzle_piece 🧩 scales ⚖️ balance_scale ⚖️ anchor ⚓ door 🚪 wheelchair ♿ rainbow-flag 🏳️‍🌈 checkered_flag 🏁
white_flag 🏳️ pinched_fingers 🤌 heart_hands 🫶 people_hugging 🫂
`;

const names = new Map();
{
  const parts = TABLE.trim().split(/\s+/);
  for (let at = 0; at < parts.length; at += 2) names.set(parts[at], parts[at + 1]);
}

/** What reactions the page offers; any other can still be shown. */
export const OFFERED = [
  "+1", "heart", "tada", "eyes", "white_check_mark", "memo", "pray", "clap", "raised_hands", "thinking_face",
];

/** The character for a shortcode without its colons, or null when it is not a common one. */
export function emoji(name) {
  return names.get(name.split("::")[0]) ?? null;
}
