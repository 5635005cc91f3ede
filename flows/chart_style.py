"""The colours, letters and patterns of the pictures, for light and for dark screens."""

STYLE = """
text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; fill: #1b2430 }
.paper { fill: #ffffff }
.title { font-size: 14px; font-weight: 700 }
.heading { font-size: 12px; font-weight: 700 }
.label, .note, .mark { font-size: 10.5px }
.heading, .label { stroke: #ffffff; stroke-width: 3px; paint-order: stroke }
.muted, .note, .mark { fill: #4a5666 }
.grid { stroke: #c3cbd6; stroke-width: 0.6 }
.tick { fill: #1b2430 }
.frame { fill: none; stroke: #4a5666; stroke-width: 0.6 }
.expected { fill: #a9dcbb }
.watch { fill: url(#stripes) }
.same-day { fill: url(#crosses) }
.at-once { fill: #7d1128 }
.stripes-under { fill: #f4c04a } .stripes-over { stroke: #7a5200; stroke-width: 1.4 }
.crosses-under { fill: #d8503f } .crosses-over { stroke: #ffffff; stroke-width: 1 }
@media (prefers-color-scheme: dark) {
  text { fill: #e8edf3 }
  .paper { fill: #12181f }
  .heading, .label { stroke: #12181f }
  .muted, .note, .mark { fill: #a9b6c5 }
  .grid { stroke: #3a4755 }
  .tick { fill: #e8edf3 }
  .frame { stroke: #a9b6c5 }
  .expected { fill: #3d8a60 }
  .at-once { fill: #b3173a }
}
"""
TURNED = 'patternUnits="userSpaceOnUse" patternTransform="rotate(45)"'
PATTERNS = f"""<defs>
<pattern id="stripes" width="6" height="6" {TURNED}>
<rect class="stripes-under" width="6" height="6"/>
<path class="stripes-over" d="M0 0V6"/>
</pattern>
<pattern id="crosses" width="5" height="5" {TURNED}>
<rect class="crosses-under" width="5" height="5"/>
<path class="crosses-over" d="M0 0V5M0 0H5"/>
</pattern>
</defs>"""
