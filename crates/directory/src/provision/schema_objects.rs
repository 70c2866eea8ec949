//! The schema's head, an object for every attribute and class, and the aggregate subschema. [MS-ADTS] 6.1.1.1.3,
//! 3.1.1.2.1.

use super::{INSTANCE_HEAD_BELOW, Object, Plan, below};
use crate::schema::definition::Values;
use crate::schema::{SCHEMA_VERSION, SchemaObject, table_definitions};

pub(super) fn objects(plan: &Plan<'_>) -> Vec<Object> {
    let mut objects = vec![head(plan), Object::common(&plan.schema_head, "Aggregate", "subSchema")];
    let first = plan.schema.attributes().next().map_or(0, |attribute| attribute.number.0);
    let (attributes, classes) = table_definitions(first);
    for definition in &attributes {
        let object = object(plan, &definition.cn, "attributeSchema", definition.to_values());
        objects.push(defining(object, SchemaObject::Attribute(definition.number)));
    }
    for definition in &classes {
        let category = plan.schema.class(definition.default_object_category).map_or(&*definition.cn, |class| &class.cn);
        let object = object(plan, &definition.cn, "classSchema", definition.to_values())
            .name("defaultObjectCategory", &below(&plan.schema_head, &[category]));
        objects.push(defining(object, SchemaObject::Class(definition.number)));
    }
    objects
}

fn head(plan: &Plan<'_>) -> Object {
    Object::common(&plan.configuration, "Schema", "dMD")
        .number("instanceType", INSTANCE_HEAD_BELOW)
        .number("objectVersion", SCHEMA_VERSION.into())
        .name("fSMORoleOwner", &plan.ntds_settings)
}

fn object(plan: &Plan<'_>, cn: &str, class: &'static str, values: Values) -> Object {
    let mut object = Object::common(&plan.schema_head, cn, class);
    object.attributes.extend(values.into_iter().filter(|(name, _)| !matches!(*name, "objectClass" | "cn")));
    object
}

fn defining(mut object: Object, defines: SchemaObject) -> Object {
    object.defines = Some(defines);
    object
}
