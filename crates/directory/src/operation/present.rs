//! Handing a found object out: its name, then the attributes asked for, each value copied once from the mapped page.

use std::ops::ControlFlow;

use bailiwick_adtypes::access_mask::AccessMask;
use bailiwick_adtypes::attribute_name::ValueRange;
use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::{Context, Error, ExtendedDnForm, Flow, SearchRequest, Sink};

use crate::access::{Access, View};
use crate::computed;
use crate::native::Native;
use crate::query::selection::Selection;
use crate::record::{BACK_LINK, EntryId, Fault, LINK, Record, Snapshot, Values, link};
use crate::rule::descriptor_parts::Parts;
use crate::schema::{Attribute, AttributeNumber, LinkDirection};

/// Hands out the objects of one slice.
pub(crate) struct Presenter<'p, 't> {
    native: &'p Native,
    snapshot: Snapshot<'t>,
    access: &'p Access<'t>,
    context: &'p Context<'p>,
    request: &'p SearchRequest,
    selection: &'p Selection<'t>,
    /// The parent of the last object and its name: siblings come in runs.
    parent: Option<(EntryId, String)>,
    /// The name being written, reused from object to object.
    name: String,
    /// A value being written, reused from value to value.
    value: String,
}

impl<'p, 't> Presenter<'p, 't> {
    /// A presenter for one slice of one search.
    pub fn new(
        native: &'p Native,
        snapshot: Snapshot<'t>,
        access: &'p Access<'t>,
        context: &'p Context<'p>,
        request: &'p SearchRequest,
        selection: &'p Selection<'t>,
    ) -> Presenter<'p, 't> {
        Presenter {
            native,
            snapshot,
            access,
            context,
            request,
            selection,
            parent: None,
            name: String::new(),
            value: String::new(),
        }
    }

    /// Hands one object to the sink, as far as it may be seen.
    pub fn entry(&mut self, record: &Record<'t>, view: &View, sink: &mut dyn Sink) -> Result<Flow, Error> {
        let mut name = std::mem::take(&mut self.name);
        name.clear();
        self.write_name(record, &mut name)?;
        sink.begin(&name);
        self.name = name;
        if self.selection.all {
            self.all(record, view, sink)?;
        }
        if self.selection.operational {
            for attribute in self.snapshot.schema.attributes().filter(|attribute| attribute.is_operational()) {
                if !computed::only_at_base(self.snapshot.schema, attribute.number) {
                    self.one(record, view, attribute, None, sink)?;
                }
            }
        }
        for named in &self.selection.named {
            let shown = (self.selection.all && self.belongs_to_all(named.attribute))
                || (self.selection.operational && named.attribute.is_operational());
            if !shown {
                self.one(record, view, named.attribute, named.range, sink)?;
            }
        }
        Ok(sink.end())
    }

    /// Whether `*` covers the attribute.
    fn belongs_to_all(&self, attribute: &Attribute) -> bool {
        !attribute.is_operational() && attribute.number != self.snapshot.schema.known().nt_security_descriptor
    }

    /// Everything that is not operational, in the order it is stored.
    fn all(&mut self, record: &Record<'t>, view: &View, sink: &mut dyn Sink) -> Result<(), Error> {
        let known = self.snapshot.schema.known();
        for (number, values) in record.attributes() {
            if let Some(attribute) = self.snapshot.schema.attribute(number)
                && !attribute.is_operational()
                && view.reads(attribute.number)
            {
                self.stored(attribute, values, self.selection.range(number), sink)?;
            }
        }
        if let Some(attribute) = self.snapshot.schema.attribute(known.distinguished_name) {
            self.one(record, view, attribute, None, sink)?;
        }
        // The descriptor comes with `*` only when the SD flags control is there. [MS-ADTS] 3.1.1.3.4.1.11.
        if self.request.options.sd_flags.is_some()
            && let Some(attribute) = self.snapshot.schema.attribute(known.nt_security_descriptor)
            && !self.selection.names(known.nt_security_descriptor)
        {
            self.one(record, view, attribute, None, sink)?;
        }
        self.all_links(record, view, LinkDirection::Forward, sink)?;
        self.all_links(record, view, LinkDirection::Back, sink)
    }

    /// All links of one direction: from one attribute to the next by a seek, however many values each has.
    fn all_links(
        &mut self,
        record: &Record<'t>,
        view: &View,
        direction: LinkDirection,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        let space = match direction {
            LinkDirection::Forward => LINK,
            LinkDirection::Back => BACK_LINK,
        };
        let mut key = [record.id().key().as_slice(), &[0; 12]].concat();
        while let Some((found, _)) = self.snapshot.transaction.first_at_or_after(space, &key).map_err(Fault::Store)?
            && found.starts_with(&record.id().key())
        {
            let Some(number) = found.get(8..12).and_then(<[u8]>::first_chunk::<4>) else { break };
            let number = u32::from_be_bytes(*number);
            let attribute = self.snapshot.schema.attribute(AttributeNumber(number));
            let attribute = match direction {
                LinkDirection::Forward => attribute,
                LinkDirection::Back => attribute
                    .and_then(|forward| forward.link)
                    .and_then(|link| link.partner)
                    .and_then(|partner| self.snapshot.schema.attribute(partner)),
            };
            if let Some(attribute) = attribute
                && !attribute.is_operational()
                && view.reads(attribute.number)
            {
                self.links(record.id(), attribute, self.selection.range(attribute.number), sink)?;
            }
            let Some(next) = number.checked_add(1) else { break };
            key[8..12].copy_from_slice(&next.to_be_bytes());
        }
        Ok(())
    }

    /// One attribute, however its values come about, if it may be read.
    fn one(
        &mut self,
        record: &Record<'t>,
        view: &View,
        attribute: &'t Attribute,
        range: Option<ValueRange>,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        let known = self.snapshot.schema.known();
        if attribute.number == known.nt_security_descriptor {
            return self.security_descriptor(record, view, attribute, sink);
        }
        if !view.reads(attribute.number) {
            return Ok(());
        }
        if attribute.number == known.distinguished_name {
            sink.attribute(&attribute.name);
            if !self.request.types_only {
                // The name the entry was begun with.
                sink.value(self.name.as_bytes());
            }
            return Ok(());
        }
        if attribute.link.is_some() {
            return self.links(record.id(), attribute, range, sink);
        }
        if attribute.is_constructed() {
            if computed::only_at_base(self.snapshot.schema, attribute.number)
                && self.request.scope != bailiwick_domain::Scope::Base
            {
                return Ok(());
            }
            // How many children there are is for those to know who may list them. [MS-ADTS] 3.1.1.4.5.15.
            let values = match attribute.number == known.ms_ds_approx_immed_subordinates
                && !view.has(AccessMask::LIST_CONTENTS)
            {
                true => vec![b"0".to_vec()],
                false => computed::values(self.native, self.snapshot, record, attribute, self.context.now)?,
            };
            return self.owned(attribute, &values, range, sink);
        }
        self.stored(attribute, record.values(attribute.number), range, sink)
    }

    /// The values of a record, as they lie in the page; names of objects are written out from their ids.
    fn stored(
        &mut self,
        attribute: &Attribute,
        values: Values<'t>,
        range: Option<ValueRange>,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        let mut ahead = values;
        if ahead.next().is_none() {
            return Ok(());
        }
        let count = if attribute.single_valued { 1 } else { values.count() };
        let Some(window) = Window::of(count, range, self.context.limits.range_values_max) else { return Ok(()) };
        window.begin(attribute, sink);
        if self.request.types_only {
            return Ok(());
        }
        for value in values.skip(window.low).take(window.taken) {
            match attribute.dn_form() {
                None => sink.value(value),
                Some(_) => {
                    let target = EntryId::read(value).ok_or(Fault::Damaged { what: "name value", id: 0 })?;
                    self.reference(attribute, target, &value[8..], sink)?;
                }
            }
        }
        Ok(())
    }

    fn owned(
        &self,
        attribute: &Attribute,
        values: &[Vec<u8>],
        range: Option<ValueRange>,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        if values.is_empty() {
            return Ok(());
        }
        // Computed lists are whole unless a range is asked for: the text of the schema has thousands of values.
        let window = match range {
            Some(_) => Window::of(values.len(), range, self.context.limits.range_values_max),
            None => Some(Window { low: 0, taken: values.len(), last: true, ranged: false }),
        };
        let Some(window) = window else { return Ok(()) };
        window.begin(attribute, sink);
        if !self.request.types_only {
            values.iter().skip(window.low).take(window.taken).for_each(|value| sink.value(value));
        }
        Ok(())
    }

    /// The values of a linked attribute, either direction, within the range. [MS-ADTS] 3.1.1.3.1.3.3.
    fn links(
        &mut self,
        id: EntryId,
        attribute: &Attribute,
        range: Option<ValueRange>,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        let Some(definition) = attribute.link else { return Ok(()) };
        let most = self.context.limits.range_values_max as usize;
        let low = range.map_or(0, |range| range.low as usize);
        let high = range.and_then(|range| range.high).map_or(usize::MAX, |high| high as usize);
        if high < low {
            return Ok(());
        }
        let wanted = (high - low).saturating_add(1).min(most);
        let mut passed = 0;
        let mut found: Vec<(EntryId, Vec<u8>)> = Vec::new();
        let mut further = false;
        let mut visit = |far: EntryId, data: &[u8]| {
            if passed < low {
                passed += 1;
                return ControlFlow::Continue(());
            }
            if found.len() == wanted {
                further = true;
                return ControlFlow::Break(());
            }
            found.push((far, data.to_vec()));
            ControlFlow::Continue(())
        };
        match (definition.direction, definition.partner) {
            (LinkDirection::Forward, _) => {
                link::targets(self.snapshot.transaction, attribute.number, id, EntryId::NONE, &mut visit)?;
            }
            (LinkDirection::Back, Some(forward)) => {
                link::sources(self.snapshot.transaction, forward, id, EntryId::NONE, &mut visit)?;
            }
            (LinkDirection::Back, None) => return Ok(()),
        }
        if found.is_empty() {
            return Ok(());
        }
        let window = Window { low, taken: found.len(), last: !further, ranged: range.is_some() || further };
        window.begin(attribute, sink);
        if self.request.types_only {
            return Ok(());
        }
        // A back link shows plain names whatever its partner carries.
        for (far, data) in found {
            let data = if definition.direction == LinkDirection::Forward { data.as_slice() } else { &[] };
            self.reference(attribute, far, data, sink)?;
        }
        Ok(())
    }

    fn reference(
        &mut self,
        attribute: &Attribute,
        target: EntryId,
        data: &[u8],
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        let Some(form) = attribute.dn_form() else { return Ok(()) };
        let mut text = std::mem::take(&mut self.value);
        text.clear();
        let record = self.snapshot.existing(target)?;
        self.snapshot.write_reference_prefix(form, data, &mut text);
        self.write_name(&record, &mut text)?;
        sink.value(text.as_bytes());
        self.value = text;
        Ok(())
    }

    /// The parts of the descriptor in force that the SD flags ask for; without flags all of them. Whoever may not read
    /// all that is asked for gets nothing. [MS-ADTS] 3.1.1.4.4.
    fn security_descriptor(
        &mut self,
        record: &Record<'t>,
        view: &View,
        attribute: &Attribute,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        let parts = self.request.options.sd_flags.map_or(Parts::ALL, Parts::of);
        if !view.has(parts.rights_to_read()) {
            return Ok(());
        }
        let damaged = |_| Fault::Damaged { what: "security descriptor", id: record.id().0 };
        let octets = parts.taken_from(self.access.descriptor(record)?).to_bytes().map_err(damaged)?;
        sink.attribute(&attribute.name);
        if !self.request.types_only {
            sink.value(&octets);
        }
        Ok(())
    }

    /// Appends the object's name, with GUID and SID in front when the extended form is asked for.
    fn write_name(&mut self, record: &Record<'t>, out: &mut String) -> Result<(), Fault> {
        if let Some(form) = self.request.options.extended_dn {
            self.write_identifiers(record, form, out);
        }
        if let Some(head) = self.native.contexts.text_of(record.id()) {
            out.push_str(head);
            return Ok(());
        }
        self.snapshot.write_own_rdn(record, out);
        out.push(',');
        let parent = record.parent();
        if let Some((id, name)) = &self.parent
            && *id == parent
        {
            out.push_str(name);
            return Ok(());
        }
        let start = out.len();
        self.snapshot.write_dn(&self.snapshot.existing(parent)?, &self.native.contexts, out)?;
        self.parent = Some((parent, out[start..].to_owned()));
        Ok(())
    }

    fn write_identifiers(&self, record: &Record<'t>, form: ExtendedDnForm, out: &mut String) {
        let known = self.snapshot.schema.known();
        let hex = |octets: &[u8]| octets.iter().map(|octet| format!("{octet:02x}")).collect::<String>();
        if let Some(guid) = record.value(known.object_guid) {
            let text = match (form, bailiwick_adtypes::guid::Guid::try_from(guid)) {
                (ExtendedDnForm::Text, Ok(guid)) => guid.to_string(),
                _ => hex(guid),
            };
            out.push_str(&format!("<GUID={text}>;"));
        }
        if let Some(sid) = record.value(known.object_sid) {
            let text = match (form, Sid::from_bytes(sid)) {
                (ExtendedDnForm::Text, Ok(sid)) => sid.to_string(),
                _ => hex(sid),
            };
            out.push_str(&format!("<SID={text}>;"));
        }
    }
}

/// Which of an attribute's values go into one answer.
struct Window {
    low: usize,
    taken: usize,
    last: bool,
    ranged: bool,
}

impl Window {
    /// The window for a range over `count` values; none when the range begins behind the last.
    fn of(count: usize, range: Option<ValueRange>, most: u32) -> Option<Window> {
        let low = range.map_or(0, |range| range.low as usize);
        let high = range.and_then(|range| range.high).map_or(usize::MAX, |high| high as usize);
        if low >= count || high < low {
            return None;
        }
        let taken = (count - low).min(high - low + usize::from(high < usize::MAX)).min(most as usize);
        let last = low + taken == count;
        Some(Window { low, taken, last, ranged: range.is_some() || !last })
    }

    /// Starts the attribute, with the range that is shown when it is not whole or a range was asked for.
    fn begin(&self, attribute: &Attribute, sink: &mut dyn Sink) {
        if !self.ranged {
            return sink.attribute(&attribute.name);
        }
        let end = if self.last { "*".to_owned() } else { (self.low + self.taken - 1).to_string() };
        sink.attribute(&format!("{};range={}-{end}", attribute.name, self.low));
    }
}
