// Words of an ordinary business letter: what the benches' pages are written with.
const words =
  `the of and to in is that for it as was with be by on not he his but at are this have from or had an they which one you
were all her she there would their we him been has when who will more no if out so said what up its about into than them
can only other new some could time these two may then do first any my now such like our over man me even most made after
also did many before must through back years where much your way well down should because each just those people how too
little state good very make world still own see men work long get here between both life being under never day same
another know while last might us great old year off come since against go came right used take three states himself few
house use during without again place american around however home small found mrs thought went say part once general high
upon school every don't does got united left number course war until always away something fact though water less public
put think almost hand enough far took head yet government system better set told nothing night end why called didn't eyes
find going look asked later knew point next program city business give group toward young days let room within children
side social given present several order national second possible rather per face among form important often things looked
early white case become large big need four felt along god saw best church ever least power development light thing seemed
family interest want members mind country area others turned although done open service problem certain kind different
began door thus help sense whole matter invoice account payment contract delivery quantity manager office report balance
committee schedule insurance hospital laboratory measurement temperature equipment agreement department customer`.split(
    /\s+/,
  );

/** Sentences until there are at least so many characters. `random` gives numbers from 0 to 1. */
export function prose(random: () => number, characters: number): string {
  const sentences: string[] = [];
  for (let length = 0; length < characters;) {
    const sentence = writeSentence(random);
    sentences.push(sentence);
    length += sentence.length + 1;
  }
  return sentences.join(" ");
}

function writeSentence(random: () => number): string {
  const count = 6 + Math.floor(random() * 12);
  const chosen = Array.from({ length: count }, () =>
    random() < 0.05 ? String(Math.floor(random() * 10_000)) : (words[Math.floor(random() * words.length)] ?? "the"),
  );
  const text = chosen
    .map((word, index) => (index > 2 && index < count - 2 && random() < 0.08 ? `${word},` : word))
    .join(" ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${random() < 0.1 ? "?" : "."}`;
}
