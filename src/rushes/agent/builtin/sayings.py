"""The table of `plainly.py`: what people say (a pattern), and what it is in plain words.

Rows are tried in order; what one makes is read again by those behind it. A row goes on in indented lines. <X>, <Y> and
the other words in <> are explained there.
"""

TABLE = r"""
what was said long ago
(?: that| which)? (?:i|we|you)(?:'d| had| have|'ve)?(?: once| first| originally| just)? (?:asked(?: you)? for|
    wanted|ordered|set(?: up)?|mentioned|wished for|gave(?: you)?|told you|talked about|spoke of|spoke about|
    agreed on|had you (?:set|put|make)|put(?: in)?|chose|picked|decided on)(?: (?:(?:at|in|
    from) the (?:very )?(?:beginning|start|outset)(?: of (?:our|this|the) (?:talk|conversation|chat|work|session|
    day))?|earlier|before|first|back then|this morning|a while ago|long ago|at first|originally|then))*(?= (?:is|
    was|has|should|must|needs|to|can|and)\b|[:,?]|$) =>
(?:,? (?:way )?back then| from (?:way back|this morning|back then|earlier(?: on)?|before|(?:the (?:very )?)?(?:start|
    beginning|outset)(?: of (?:our|this|the) (?:talk|conversation|chat|work|session|day))?|long ago|
    our talk))(?=[:,?]|$| (?:is|was|has|should|must|needs|to|can|about|on|for|with|and|now)\b) =>
^(?:forget|disregard|ignore|scrap|never ?mind)(?: about)? the (?:time|times|timing|words?|wording|text)(?: (?:i|
    we) \w+(?: you)?)? (?:for|of|on) <X>(?P<w>[:,]|$) => forget what i said about <X><W>
^what (?:i|we) (?:said|told you|asked|wanted|wrote) (?:about|for|on|with) <X> (?:(?:at|in|
    from) the \w+ )?(?:no longer|doesn't|does not|isn't|is no longer|is not|is obsolete|was wrong|is wrong|
    is off)(?: \w+)*(?P<w>[:,]|$) => about <X><W>
^(?:(?:i|we)(?:'ve| have)? (?:changed my mind|was wrong|were wrong|made a mistake|decided otherwise)|my mistake|
    (?:a )?(?:correction|mistake)|(?:to )?com(?:e|ing) back|going back|let me come back|back|one more (?:thing|
    word)|(?:do )?you (?:still )?remember|remember|thinking (?:again )?of|(?:let's |let us )?go(?:ing)? back|
    change of plans?|new plan|speaking of|talking of|as far as)(?: (?:about|on|with|to|for|of))? (?P<x>(?:the|that|
    this|my|our) (?![^,:?]* (?:at the end|before|after|behind) ?)[^,:?]*?|\{q\d+\})(?:'s? (?:times?|timing|wording|
    words))?(?: is concerned)?(?P<w>[:,]|$) => about <X><W>
^(?:(?:forget|scrap|cancel|never ?mind|disregard)(?: about)?|i take back) (?P<x>the (?:first |second |last |
    \{o-?\d+\} )?(?:<TEXT>)), (?=(?:i|we|it|please|remove|take|no|there)\b) => forget what i said about <X>,
^(?:the |my |our )?(?:<TEXT>) (?:now|still|currently|at the moment) (?:says|reads|is|shows) <X>$ => about <X>

rules
,? (?:(?:even|also) (?:if|when|though)|no matter|whatever (?:i|we)|however (?:i|we)|unless (?:i|we)|
    whether) .*$ => always
^(?:(?:a |as a |one |our )?(?:standing )?rule(?: for (?:all|everything|the)[^:,]*)?|house style|
    remember(?: for [^:,]*| this)?|(?:please )?note(?: for later)?|keep (?:this |it )?in mind(?: that)?|
    for (?:everything|all|whatever)(?: that| which)? (?:comes|follows|comes later|we do|you do)|
    for the rest of [^:,]*)[:,]? (?:that )?(?=.*(?:<TEXT>|lettering|capitals|uppercase|upper case|lowerthird|
    seconds|\{t)) => always

questions and wishes made orders
^(?:(?:i|we)(?:'ve| have)? decided (?:to|that we(?:'ll| will| should)?)|(?:i|we) (?:think|believe|guess|feel|
    suggest|say|propose)(?: that)?(?: we| you)(?: should|'d better)?|(?:we|i|you)(?:'ll| will|'d better| had better|
    [ ]better)|what (?:i|we)(?:'d| would)? (?:want|need|like) is(?: for)?(?: you)?(?: to)?) =>
(?<!off )(?<!from )\bthe (?:start|beginning|opening|first part) of (?=\{m) =>
\b(?P<w>off|from|at|of) the (?:head|front|top) of (?=(?:the |shot |clip |\{)) => <W> the start of
^(?:can|could|may|might|should|would|will|must) (?P<x>(?:the|my|our|\{q\d+\}|\{m\d+\}|shot|
    clip)(?: <WORD>){0,4}?)(?: please| perhaps| also)* (?=(?:be|come|go|stand|start|begin|end|last|run|play|open|
    take|disappear|vanish|appear|get|stay|have)\b) => <X> should

what goes
^(?:cut|chop|trim|lop)(?: off| away| out)? (?:everything|all|anything|the rest)(?: that (?:is|comes))?[ ]
    (?:after|behind|past|from) (?:second |the )?<T>(?: on(?:wards?)?)?$ => remove everything after <T>
^(?:cut|chop|trim) <FILM> off (?:at|after|behind) <T>$ => remove everything after <T>
^(?:end|stop) <FILM> (?:at|after) <T>$ => remove everything after <T>
^<X> is (?:bad|ugly|wrong|no good|not good|terrible|awful|poor|a mess)[,:]? (?:please )?(?:do|make|try|shoot)[ ]
    (?:it|that|this)(?: one)? (?:again|over|anew|once more)$ => shoot <X> again
^(?:put|add|set|show|write|make) (?:a |an )?(?:subtitle|caption)s? (?:under|for|on|to|in|below|with)[ ]
    (?:every|each|all(?: the)?)(?: of the)? <SHOT>s?(?: (?!with\b)[^{]*)?$ => add subtitles that tell what happens
^(?P<x>[^:{]*(?:\{o-?\d+\} )?\b(?:<SHOT>|<TEXT>)\b[^:{]*): (?:delete|remove|out|drop|cut)(?: it)?$ => remove <X>
^(?P<x>.*\{[tn][^}]*\}):? (?:and )?(?:cut|out|delete|remove|drop)(?: it| that)?$ => remove <X>
^what (?:i|we) (?:want|need|would like|'d like) (?:gone|out|removed|away|deleted) is <X>$ => remove <X>
^(?:<WE>(?:'d like| would like| want| need) )?<X>(?<! is)(?<! was)(?<! are) (?:gone|removed|deleted|taken out|cut out|
    out of <FILM>)<AGAIN>$ => remove <X>
^(?:delete|remove|drop|erase)$ => remove it
^<X> <MODAL> <GONE><AGAIN>$ => remove <X>
^<X> (?:goes(?: out| away)?|is (?:out|off|gone|history|dead|over|superfluous|unnecessary|unusable|useless|too much|
    no good|to go|(?:no longer|not) (?:needed|wanted|required|necessary))|(?:isn't|aren't) (?:needed|wanted|
    necessary)|are out|(?:adds|does) nothing|<MODAL> (?:not|never) (?:be|stay|appear|remain)(?: there| in (?:it|
    <FILM>|there)| to be seen)?|(?:shouldn't|mustn't) (?:be|stay|appear)(?: there| in (?:it|
    <FILM>))?)<AGAIN>$ => remove <X>
^<WE>(?:'d| would| really| just| ever| simply| can| could| do)* (?:don't|do not|no longer|never|wouldn't|won't|
    not)(?: really| ever| actually)* (?:want|need|like|require|use|wish|miss)(?: to (?:see|have|keep|use|show|read|
    hear))?(?: for)? <X><AGAIN>$ => remove <X>
^(?:(?:<WE>|<FILM>|it) )?(?:(?:can|could|would|will|is|are|be|do|works?|just) )*(?:do|go|live|manage|get by|
    better(?: off)?|nicer|stronger|works?)(?: fine| well| better)? without <X><AGAIN>$ => remove <X>
^(?:kick|throw|chuck|toss|pull|pick|bin|skip|omit|dump|trash|snip|spare me|chop|out with|away with|off with|
    down with|cancel|wipe|blank|do away with|part with|clear|weed|pluck|crop|scissor|edit|take|cut|leave|
    clip)(?: out| off| away)? <X>(?: (?:out|off|away))(?: of| from)?(?: <FILM>|it|there)?<AGAIN>$ => remove <X>
^(?:kick out|throw out|chuck out|chuck|bin|skip|omit|dump|trash|snip out|snip|spare me|out with|away with|off with|
    down with|wipe out|wipe|do away with|part with|weed out|pluck out|leave away|edit out|get shot of|
    say goodbye to|we lose|dispense with|clear away)(?: again)? <X><AGAIN>$ => remove <X>
^(?:have |show |use |there (?:is|should be|shall be) |(?:i|we) (?:want|need) )?no (?P<x>(?:more |
    such )?(?:\w+ )?(?:<TEXT>))<AGAIN>$ => remove the <X>
^(?:everything|all)(?: of it)? (?:but|except(?: for)?|apart from|other than) <X> (?:<MODAL> )?(?:stays?|remains?|
    be kept|is kept|is fine|is good|be left)<AGAIN>$ => remove <X>
\bthe <PART>(?: of (?:<FILM>|it))? (?=(?:from|between|starting|beginning) (?:the )?\{[tn]|\{t[^}]*\} ?[-–to]+ ?\{t) =>
^(?:out|away|gone)(?: with (?:it|that|them))?$ => remove it
^(?:excise|scratch|cull|purge|zap|ax|axe|nuke|expunge) <X>$ => remove <X>
^(?:it|that|this)(?: is|'s) (?:not|no longer) (?:needed|wanted|necessary|required)<AGAIN>$ => remove it
^<X>:? (?:out|away) with (?:it|that)$ => remove <X>
\bthe name(?: (?:at|in|on) the bottom|(?: |-)?(?:strap|tag|plate)) => the lowerthird

^remove (?:one|any)$ => remove it

what stays
^(?:not|no) (?:(?:one|1|a|a single) )?(?:frame|second|bit|part|piece|\{t[^}]*\})s? of <X> <MODAL> (?:<GONE>|
    be (?:lost|missing|touched|cut))$ => keep <X> as it is
^<X> <MODAL> be there(?: too| as well)?$ => keep <X> as it is
(?:,| and| but)* without (?:shortening|touching|trimming|cutting|changing|hurting|losing|harming|
    sacrificing)(?: into)? (?P<x>(?:the |my |our )?[^,]*?(?:<SHOT>|<TEXT>))$ => , keep <X> as it is
^(?:all of |every frame of |the whole of |the whole |the entire )?<X> (?:<MODAL> )?(?:be|is|stays?|remains?|
    keeps?)(?: kept| left| in| always| there)* (?:whole|complete|in full|uncut|intact|sacred|holy|untouchable|
    untouched|entire|preserved|kept|needed(?: as well| too)?|(?:at|in) (?:its )?full length|at its length|
    full length|in one piece|as long as it is|unshortened)(?: there| in it| too| as well)*$ => keep <X> as it is
^<X> <MODAL> (?:survive|live|not (?:be lost|go|get lost|be touched|be shortened|suffer))$ => keep <X> as it is
^(?:keep|leave|show|play|have) (?:the whole of |all of |every frame of |the whole |the entire |the complete |
    the full )<X>(?: in(?: it)?)?$ => keep <X> as it is
^(?:only )?(?:trim|shorten|cut|touch)(?: only)? (?:the )?(?:others|other (?:<SHOT>)s|rest),? (?:and |
    but )?not <X>$ => keep <X> as it is

how long it all is
^(?:this|it|<FILM>) <MODAL> (?:be|come(?: out| down| up)? (?:to|at)|last|run(?: for)?|take|end up (?:at|with)|
    amount to)(?: (?:precisely|exactly|just|only))* <T>(?: long| exactly| sharp| flat| in all| in total|
    [ ]altogether)*$ => edit to <T>
^(?:<WE>(?:'ve got| have got)?(?: only| just| really)* (?:have|need|want|get|only have)|there (?:is|are)) (?:only |
    just |exactly )*(?:this |it |<FILM> |all of it |everything )?(?:to be |at |to |in |down to )?(?:only |just |
    exactly )*<T>(?: long| exactly| sharp| only| for it| in all| altogether| in total|
    [ ]of film)*(?:,? (?:and )?not a (?:frame|second) (?:more|less|longer)(?: or less)?)?$ => edit to <T>
,? (?:by|with) (?:showing |using |playing )?more of (?:the |each |every |all )*(?:same )?(?:<SHOT>|file|them|it|
    material)s?(?: and (?:no|without) slow motion)?$ =>

which comes first
^(?P<x>it (?:comes|goes) .*?) and (?:stays|remains|is) (?:whole|complete|uncut|in full)$ => <X>
\bup front$ => to the front
\bbetween (?:the )?(?P<x>\w+) and (?:the )?(?P<y>\w+) shots => between the <X> shot and the <Y> shot
^(?:take|grab|get|pick|pull) (?P<x>(?:the|my|our|shot|clip) [^,{]*?|(?:the )?\{o-?\d+\} \w+|
    shot \{o-?\d+\}) and (?:put|move|place|drag|bring|set|show|play) it => move <X>
^(?:have |see |show )?(?P<x>(?:the|my|our|shot|clip) (?!.*(?:<TEXT>|music|fade|\bha[sd]\b))[^,]*?) (?:at|to|
    in) the (?:very )?(?P<w>front|start|beginning|opening|end|close)(?: of <FILM>)?$ => move <X> to the <W>
^(?:let |have |make |i want |we want |start |begin )?<FILM> (?:to |<MODAL> )?(?:start|begin|open|kick off|commence|
    set off)s? (?:with|on|by|from) <X>$ => start with <X>
^(?:let |have |make |i want |we want )?<X> (?:to |<MODAL> )?(?:be(?:come)?|come|go|stand|play|run|serve as)s?(?: at|
    [ ]as)?(?: the)?(?: very)? (?:opening|opener|start|beginning|front|head|top|
    <FIRST>(?: thing(?: we see)?)?)(?: shot| one| scene| of <FILM>)?$ => move <X> to the front
^(?:let |have |make |i want |we want )?<X> (?:to |<MODAL> )?(?:open|begin|start|kick off|lead)s? (?:<FILM>|it|us in|
    everything|off)$ => move <X> to the front
^(?:i'd rather (?:see|have)|(?:i|we) (?:want|prefer)(?: to see)?|show|put|play|have|see|move|bring)? ?<X> (?:before|
    ahead of|in front of) (?:everything|anything|all)(?: else| others| the others| other shots|
    [ ]the rest)*$ => move <X> to the front
^(?!.* (?:on|in|into|of|for|from|to) (?:<SHOT>) \{o1\})<X> (?:<FIRST>|to the front|at the (?:front|start|
    beginning))(?:, then .*| and then .*)?$ => move <X> to the front

what changes places
^<X> and <Y> the other way (?:a)?round$ => swap <X> and <Y>
^(?:let |have |make )?<X> (?:and|with) <Y> (?:<MODAL> )?(?:change|trade|swap|switch|exchange|
    swop)s?(?: (?:their )?(?:places|positions|order|round|around|over))?$ => swap <X> and <Y>
^put <X> (?:to )?where (?:the )?<Y> (?:is|stands|was)(?: now)?,? and .+ where .+$ => swap <X> and <Y>
^(?:show |play |put |have )?<X> <FIRST>,?(?: and| but)?(?: then| only then| after that) <Y>$ => move <X> before <Y>
^<X> (?P<w>before|after|behind) <Y>(?:,? please)?,?(?: and)? not (?:the other way (?:a)?round|after|before|
    vice versa)(?: it)?$ => move <X> <W> <Y>
^(?:turn|flip|invert|reverse)(?: the)?(?: whole)? (?:order|sequence|
    running order)(?: of (?:the )?(?:<SHOT>)s)?(?: around| round| over)?(?:[:,]? .*)?$ => reverse the order
^the \{o-1\}(?: one| shot)? <FIRST>,?(?: and)? the \{o1\}(?: one| shot)? \{o-1\}.*$ => reverse the order
^(?:let |have )?the (?:<SHOT>)s (?:to |<MODAL> )?(?:run|go|play|come|stand|be)(?: in this order| like this|
    [ ]as follows|:)* (?!longer|as|in the same)(?=[^,]+(?:,| then)) => the order should be

what takes another's place
^<X> (?:goes|comes|is taken) out,? and (?P<y>\{m\d+\}) (?:comes|goes|is put) in$ => replace <X> with <Y>
^(?:trade|switch|change|give up) <X> (?:for|against) (?P<y>.*\{m\d+\})$ => replace <X> with <Y>
^(?P<x>\{q\d+\}) is (?:the )?(?:right|correct|better|new|proper)(?: one| title| text| wording)?$ => it should say <X>
^(?:put|lay|set|use) (?P<x>\{m\d+\}) over <Y>$ => replace <Y> with <X>
^(?:use|take|put) (?P<x>\{m\d+\}) for (?:it|that)$ => replace it with <X>
^(?:put|set|use|take) <X> in for <Y>$ => replace <Y> with <X>
^(?:take|use|cut) <T> (?:out of|from|of) (?P<x>\{m\d+\}) => use <T> of <X>
^<X> (?:<MODAL> )?(?:be |gets |is )(?:replaced|swapped|exchanged|substituted) (?:by|with|
    for) <Y>$ => replace <X> with <Y>
^(?:let |have |make )?<X> (?:to |<MODAL> )?(?:replace|substitute(?: for)?|stand in for|
    step in for)s? <Y>$ => replace <Y> with <X>
^(?:in(?:to)? (?:the )?(?:place|slot|spot|room|position) of|instead of|rather than) <Y>,? (?:(?:please|i|we|you|
    should|would|like|to) )*(?:want|have|show|use|put|play|take|see|need|comes?|goes|write|say|read|prefer|
    get) <X>$ => replace <Y> with <X>
^(?:put|set|use|show|place|play|insert|have|drop|slot) <X> (?:in(?:to)? (?:the )?(?:place|slot|spot|room|
    position) of|where) <Y>(?: (?:is|was|stands)(?: now)?)?$ => replace <Y> with <X>
^(?:put|set|use|show|place|play|insert|have|drop|slot|i want|take) (?P<x>\{m\d+\}|
    an? (?:(?!and)\w+ ?){1,6}?) ?(?:there |here |in )?
    (?:instead|(?:in|into) (?:its|that|the) (?:place|slot|spot|room|position|gap|hole)|there)$ => replace it with <X>
^(?:fill|close|plug) (?:the|that|its) (?:gap|hole|place|slot|space|spot) (?:with|by) <X>$ => replace it with <X>
^where (?:it|<FILM>|the title|the text) (?:now )?(?:says|reads|shows|has)(?: now)? <Y>(?: now)?,? (?:i want|put|
    write|have|say|show|it should (?:say|read)|there should be|let it (?:say|read)|use) <X>$ => change <Y> to <X>

where a shot begins and ends
^(?:cut|drop|lose|remove|take|shave|delete|leave out|skip) (?P<x>[^,]+?)'s (?:opening|<FIRST>) <T>(?: off| away|
     out)?$ => take <T> off the start of <X>
^<X> (?:<MODAL> )?(?:loses?|drops?|goes without) its (?:first|opening|<FIRST>) <T>$ => take <T> off the start of <X>
^the (?P<w>start|beginning|end) of <X> (?:is|runs|lasts) <T> too long$ => take <T> off the <W> of <X>
^<X> (?:is|runs|lasts) too long by <T>(?: at (?:its|the) end)?$ => take <T> off the end of <X>
^(?:show|use|give|add|play|see|have|take)(?: us| me)? <T> more (?:of|from|to|at|on|for)(?: the end of|
    [ ]its end of)? <X>$ => make <X> <T> longer
^add <T> (?:more )?(?:to|at|on)(?: the end of)? (?P<x>(?:the |my |shot |clip )(?!.*(?:<TEXT>|music|file)).*|
    \{i:[^}]*\}|it)$ => make <X> <T> longer
^(?:trim|cut|shorten|reduce|clip) the (?P<w>start|beginning|end) of <X> by <T>$ => take <T> off the <W> of <X>
^<X> (?:is|runs|goes on|lasts)(?: for)? <T> too long(?: (?:at|towards) (?:its|
    the) end)?$ => take <T> off the end of <X>
^(?:let |make |have )?(?P<x>(?!.*(?:<TEXT>)).+?) (?:<MODAL> )?(?:start|begin|come in|set in|open)(?:s|ning|
    ing)? (?:exactly |only |just |a )*<T> (?:later|further in|in|after that|deeper(?: in)?)(?: than (?:now|
    it does))?$ => take <T> off the start of <X>
^(?:let |make |have )?(?P<x>(?!.*(?:<TEXT>)).+?) (?:<MODAL> )?(?:end|stop|finish|be over|break off)s? (?:exactly |
    already |just |a )*<T> (?:earlier|sooner|before)(?: than (?:now|it does))?$ => take <T> off the end of <X>
^(?:end|stop|finish|cut|leave) (?P<x>(?!.*(?:<TEXT>)).+?) (?:already |exactly )*<T> (?:earlier|
    sooner)$ => take <T> off the end of <X>
^(?:shorten|trim|cut|reduce|tighten|clip) <X> by <T> (?:at|from|off|on) (?:its|the|their)(?: very)? (?P<w>start|
    beginning|front|head|end|back|tail)$ => take <T> off the <W> of <X>
^(?:trim|cut|drop|lose|remove|take|shave|delete|leave out|clip|skip|chop|knock|lop)(?: off| away)? (?:the |
    its )?(?:very )?(?:first|opening|initial|\{o1\}) <T>(?: away| off)? (?:of|from|off|in) <X>(?: away| off|
    [ ]out)?$ => take <T> off the start of <X>
^(?:trim|cut|drop|lose|remove|take|shave|delete|leave out|clip|skip|chop|knock|lop)(?: off| away)? (?:the |
    its )?(?:very )?(?:last|closing|final|\{o-1\}) <T>(?: away| off)? (?:of|from|off|in) <X>(?: away| off|
    [ ]out)?$ => take <T> off the end of <X>
^(?:trim|cut|drop|lose|remove|take|shave|delete|leave out|clip|skip|chop|knock|lop)(?: off| away|
    [ ]out)? its (?:very )?(?:first|opening|initial|\{o1\}) <T>(?: away| off| out)?$ => take <T> off the start of it
^(?:trim|cut|drop|lose|remove|take|shave|delete|leave out|clip|skip|chop|knock|lop)(?: off| away|
    [ ]out)? its (?:very )?(?:last|closing|final|\{o-1\}) <T>(?: away| off| out)?$ => take <T> off the end of it

when a text shows
^change when <X> (?:shows|stands|comes|appears|is shown|is seen)(?: up)?:? => move <X>
^(?:delay|postpone|hold back|put back|put off|retard|defer|hold) <X>(?: back)? (?:by|for) <T>(?:(?:,|
    [ ]without) .*)?$ => show <X> <T> later
^(?:push|move|shift) <X> back by <T>(?:,? so .*later.*)?$ => show <X> <T> later
^(?:shift|move|push|slide|nudge) <X> by <T>,? (?:and )?(?:to )?(?P<w>later|earlier|forwards?|
    back(?:wards?)?)$ => show <X> <T> <W>
^<X> (?:comes?|appears?|starts?|stands?|shows?|is|are)(?: shown| there| on| in)? <T> too (?:early|
    soon)$ => show <X> <T> later
^(?:retime|reschedule) <X>(?::|,)? => move <X> to

speed
^(?:let |have |make |play |run )?<X> (?:to )?(?:play |run |go )?at (?P<w>\{p[\d.]+\})
    (?: speed)?$ => play <X> at <W> speed
^(?P<x>(?:the|my|our|shot|clip) [^,]*?) at (?P<w>(?:twice|double|half|normal|three times)(?: (?:the|
    its))?(?: normal| usual)? speed)$ => play <X> at <W>
^(?P<x>(?!turn|bring)[\w ]*[\w}]) (?P<w>up|down) (?:by )?(?=\{d) => turn <X> <W> by
^(?:play|run|make|show|let|have)(?: with)? <X> (?:run |play |go |be )?(?:at |with )?(?:\{x2\}|\{n2\}|2x|x2|
    two times the speed)$ => play <X> twice as fast
"""
