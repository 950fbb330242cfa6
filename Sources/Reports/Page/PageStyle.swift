/// How every page looks: on light and dark screens, at 390 pixels and on A4.
enum PageStyle {
  /// Colours that stay apart for people who do not see all of them (Okabe and Ito, 2008), in an order in which
  /// neighbours differ in lightness as well; the second list is for dark screens.
  static let colours = [
    ("#0072B2", "#4FA8DC"), ("#D55E00", "#F08A3C"), ("#009E73", "#35C79B"),
    ("#A0527C", "#D98FB5"), ("#B07A00", "#E6B422"), ("#3A8FC4", "#9AD0F2"),
    ("#333333", "#D8D8D8"), ("#6B6B00", "#BDBD4A"),
  ]

  private static let paper =
    "--paper:#fff;--ink:#1a1a1a;--soft:#565b61;--line:#dcdfe3;--card:#f4f6f8;--accent:#0b5c8f;"
  private static let night =
    "--paper:#15171a;--ink:#e8e8e8;--soft:#a9b0b8;--line:#3a3e44;--card:#1f2226;--accent:#7cc0ee;"

  private static func variables(_ colour: ((String, String)) -> String) -> String {
    colours.enumerated().map { "--c\($0):\(colour($1));" }.joined()
  }

  /// Rules for drawings alone.
  static var drawings: String {
    let classes = colours.indices.map { ".c\($0){--c:var(--c\($0))}" }.joined()
    return """
      \(classes)
      svg text{font:11px system-ui,"DejaVu Sans",sans-serif;fill:var(--soft)}
      svg .label{font-size:12px;fill:var(--ink)}
      svg .strong{font-size:12px;font-weight:600;fill:var(--ink)}
      svg .label,svg .strong{paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round}
      svg .cell{font-size:10px}
      svg .on{fill:#fff}
      svg .off{fill:#111}
      .l{fill:none;stroke:var(--c);stroke-width:1.8;stroke-linejoin:round}
      .f{fill:var(--c)}
      .b{fill:var(--c);fill-opacity:.18}
      .grid{stroke:var(--line)}
      .zero{stroke:var(--soft)}
      .lead{stroke:var(--soft);stroke-width:.7}

      """
  }

  /// Colours as variables, for light and dark.
  static var palette: String {
    """
    :root{color-scheme:light dark;\(paper)\(variables { $0.0 })}
    @media (prefers-color-scheme:dark){:root{\(night)\(variables { $0.1 })}}

    """
  }

  /// The sheet.
  static var text: String {
    """
    \(palette)\(drawings)*{box-sizing:border-box}
    body{font:15px/1.5 system-ui,"DejaVu Sans",sans-serif;margin:0;color:var(--ink);background:var(--paper)}
    main{max-width:58rem;margin:0 auto;padding:1.5rem 1rem 3rem}
    h1{font-size:1.4rem;margin:0 0 .4rem}
    h2{font-size:1.15rem;margin:2.2rem 0 .6rem;border-bottom:1px solid var(--line);padding-bottom:.2rem}
    .verdict{font-size:1.1rem;font-weight:600;margin:.4rem 0 .8rem}
    .facts,.note{color:var(--soft);font-size:.9rem;margin:.2rem 0 .8rem}
    .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.7rem;margin:1rem 0}
    .figures div{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.6rem .8rem;
    display:flex;flex-direction:column}
    .figures .name{color:var(--soft);font-size:.85rem}
    .figures .value{font-size:1.2rem;font-weight:650;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
    .figures .detail{color:var(--soft);font-size:.8rem}
    .scroll{overflow-x:auto;margin:.4rem 0 1rem}
    table{border-collapse:collapse;font-size:.86rem;font-variant-numeric:tabular-nums}
    th,td{padding:.22rem .5rem;text-align:right;border-bottom:1px solid var(--line);vertical-align:bottom}
    td{white-space:nowrap}
    th{font-weight:600;border-bottom:2px solid var(--soft);vertical-align:bottom}
    th.w,td.w{text-align:left}
    td.w{white-space:normal;max-width:24rem;overflow-wrap:anywhere}
    td:first-child{white-space:nowrap}
    tr.rule td{border-top:2px solid var(--soft)}
    th:first-child,td:first-child{position:sticky;left:0;background:var(--paper);text-align:left}
    figure{margin:1.2rem 0 1.6rem;position:relative}
    .hover{position:absolute;z-index:2;pointer-events:none;white-space:pre;font-size:.8rem;padding:.3rem .5rem;
    background:var(--card);border:1px solid var(--line);border-radius:4px;font-variant-numeric:tabular-nums}
    .hover[hidden]{display:none}
    .choice.chosen summary{display:none}
    select{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);padding:.1rem .3rem}
    figcaption{font-weight:600;margin-bottom:.3rem}
    figcaption a{font-weight:400;font-size:.8rem;color:var(--accent);margin-left:.4rem}
    svg{display:block;width:100%;height:auto}
    svg.wide{max-width:880px}
    svg.narrow{display:none}
    dl{display:grid;grid-template-columns:minmax(7rem,13rem) 1fr;gap:.2rem 1rem;font-size:.9rem}
    dt{color:var(--soft)}
    dd{margin:0;overflow-wrap:anywhere}
    ul{padding-left:1.2rem}
    li{margin:.15rem 0}
    details{margin:.3rem 0}
    summary{cursor:pointer;color:var(--accent)}
    @media screen and (max-width:640px){
    svg.wide{display:none}
    svg.narrow{display:block;max-width:440px}
    dl{grid-template-columns:1fr}
    dt{margin-top:.4rem}
    }
    @media print{
    @page{size:A4;margin:14mm 11mm}
    :root{color-scheme:light;\(paper)\(variables { $0.0 })}
    body{font-size:10pt}
    main{max-width:none;padding:0}
    table{font-size:7.6pt}
    .scroll{overflow:visible}
    figure,tr,.figures{break-inside:avoid}
    h2{break-after:avoid}
    figcaption a,.choice label,.data{display:none}
    details.fold::details-content{content-visibility:visible;height:auto}
    }

    """
  }
}
